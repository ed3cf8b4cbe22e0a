"""Inquiries: a private exchange between one member and Medical Information."""
