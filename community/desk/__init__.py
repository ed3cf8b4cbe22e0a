"""The desk: where those who own a case decide it."""
