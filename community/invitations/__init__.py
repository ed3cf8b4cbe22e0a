"""Invitations: the only way in, each bound to one address and used once."""
