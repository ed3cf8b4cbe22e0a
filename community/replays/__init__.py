"""Replays: what a draft of a set would have done with the posts of the last weeks."""
