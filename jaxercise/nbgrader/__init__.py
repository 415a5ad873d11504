"""jaxercise inside nbgrader: the steps that nbgrader_config.py puts into its pipelines."""
