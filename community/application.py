"""The whole program, put together: reads top to bottom."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from community import config, features, gate
from community.home import context
from community.kernel import (
    connections,
    kept_answers,
    kept_pages,
    limits,
    locale,
    one_name,
    paths,
    questions,
    request_log,
    templates,
    web,
)
from community.kernel.db import db, open_database
from community.kernel.redis_line import RedisLine
from community.members import session


def create_app(settings: config.Settings | None = None) -> Flask:
    """Put the program together.

    Args:
        settings: how this installation runs; read from the environment where None.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = settings or config.load()
    # Named after the package, so that its loggers are the package's.
    app = Flask(
        "community",
        template_folder=str(paths.TEMPLATES),
        static_folder=str(paths.STATIC),
        static_url_path="/static",
    )
    app.jinja_environment = templates.Templates
    app.config["SETTINGS"] = settings
    app.secret_key = settings.secret_key
    app.config["SECRET_KEY_FALLBACKS"] = list(settings.secret_keys_before)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    app.jinja_env.add_extension(templates.Unindented)
    app.jinja_env.add_extension(templates.KeptParts)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    open_database(app, settings)
    with app.app_context():
        witness = questions.call_witness(db.engine)
    kept_pages.init_app(app, witness)
    kept_answers.init_app(app, witness)
    request_log.init_app(app, behind_proxy=settings.trusted_proxies > 0)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]

    line = RedisLine(settings.redis_url) if settings.redis_url else None
    limits.init_app(app, line)
    locale.init_app(app)
    one_name.init_app(app)
    web.init_app(app)
    session.init_app(app)
    gate.init_app(app)
    connections.init_app(app, line)
    features.init_app(app)
    context.init_app(app)
    web.wrap_views(app)
    return app
