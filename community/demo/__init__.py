"""A fictional community to look at: people, spaces and weeks of talk, from the folder `demo`."""
