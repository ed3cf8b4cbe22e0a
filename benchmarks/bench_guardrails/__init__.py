"""How well the guardrails judge our own drafts, and labelled sets where a folder is given."""
