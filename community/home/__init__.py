"""Pages that belong to no single feature."""
