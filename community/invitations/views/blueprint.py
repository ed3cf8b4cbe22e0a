"""The blueprint to which all pages about invitations belong."""

from flask import Blueprint

blueprint = Blueprint("invitations", __name__)
