"""The blueprint to which all pages about members belong."""

from flask import Blueprint

blueprint = Blueprint("members", __name__)
