"""The command line, what it prints, the demonstration, and the pytest plugin for hidden tests."""
