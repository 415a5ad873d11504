"""Runs beside student code, in the sandbox as in a student's notebook: calls, watches, reports."""
