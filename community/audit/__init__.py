"""Proof: who did what to what, when and why, in a chain that shows any change."""
