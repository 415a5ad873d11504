"""What a student's notebook imports: `check`, `example` and `faster`."""
