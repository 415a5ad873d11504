"""The verdict on speed: rounds against NumPy and the reference, one race at a time on a host."""
