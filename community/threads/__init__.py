"""Threads and posts: what members say to one another."""
