"""A course on a JupyterHub: its settings, its set-up, and a demonstration on loopback."""
