"""Guardrails: rules agreed beforehand, against which every draft is checked."""
