"""Reviews: cases that a person must decide, whatever they are about, with clocks."""
