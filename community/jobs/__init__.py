"""Work that follows from a write: rows of the same transaction, done with lease and retry."""
