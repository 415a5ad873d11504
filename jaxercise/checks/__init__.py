"""What a check asks and how its answer is told: assertions, comparison, verdicts, tables."""
