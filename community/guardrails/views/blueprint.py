"""The blueprint to which all pages about guardrails belong."""

from flask import Blueprint

blueprint = Blueprint("guardrails", __name__)
