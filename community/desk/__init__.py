"""The desk: where those who own a case read it and decide it."""
