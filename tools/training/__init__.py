"""What each trained detector learns from: one recipe a file."""
