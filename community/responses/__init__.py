"""Approved responses: texts that were agreed word for word, by version, country and expiry."""
