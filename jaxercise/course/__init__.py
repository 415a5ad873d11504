"""A course's own files: lessons, references, declared checks, and notebooks made of them."""
