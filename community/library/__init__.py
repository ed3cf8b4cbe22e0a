"""The library of approved responses: searched, put into replies, kept up to date."""
