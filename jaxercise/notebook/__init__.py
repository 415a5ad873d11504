"""What a student's notebook imports: `check`, `example`, `faster` and `progress`."""
