"""Letters about what was said while one was away: that there is something, and where; no words."""
