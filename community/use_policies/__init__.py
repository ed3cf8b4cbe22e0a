"""Use policies: the texts that people accept before they take part, and who accepted which."""
