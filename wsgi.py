"""The program, for any WSGI server. The patch must come before anything else is imported."""

import os

if os.environ.get("COMMUNITY_ASYNC", "gevent") == "gevent":
    from gevent import monkey

    monkey.patch_all()

from community import create_app

app = create_app()
