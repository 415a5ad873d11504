"""Runs in the same process as student code, in the sandbox and in notebooks."""
