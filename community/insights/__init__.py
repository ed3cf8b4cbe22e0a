"""What happened afterwards: second readings of what went out, and figures that teach."""
