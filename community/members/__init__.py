"""Members: who they are, how they sign in, and what proves their profession."""
