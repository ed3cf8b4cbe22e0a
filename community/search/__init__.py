"""Full-text search in posts and the titles of threads, within what the viewer may read."""
