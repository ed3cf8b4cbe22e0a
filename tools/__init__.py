"""What sets a checkout up: its environment, its browser libraries, what its tests start.

Only the standard library, since nothing else is there yet. `make` calls it.
"""
