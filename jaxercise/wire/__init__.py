"""Plain data between two processes that do not trust each other: records, their bytes, a socket."""
