"""What a class handed in and how it was graded, on one page."""
