"""Spaces: closed rooms with a charter, and the memberships in them."""
