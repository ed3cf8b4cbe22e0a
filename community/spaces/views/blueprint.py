"""The blueprint to which all pages about spaces belong."""

from flask import Blueprint

blueprint = Blueprint("spaces", __name__)
