"""What threads have to say to sockets: how a post looks, and who may watch which thread."""

from __future__ import annotations

from community.kernel import realtime
from community.threads.fragments import render_posts

realtime.register_renderer("post", render_posts)
