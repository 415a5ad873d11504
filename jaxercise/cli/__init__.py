"""The command line, what it prints, the demonstration, and pytest's plugin for hidden tests."""
