"""News: a space's ordered line of events, numbered without holes."""
