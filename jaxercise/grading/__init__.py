"""Judges one notebook: sessions, hidden tests, outputs, and the proof of the tests themselves."""
