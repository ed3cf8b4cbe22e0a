"""Serving the site, and doing its background work in a process of its own."""

from __future__ import annotations

import os
import sys
import threading
from urllib.request import urlopen

import click

from community.kernel.launch import run_server


@click.command()
@click.option("--port", default=8000, show_default=True, help="Listen on this port of 127.0.0.1.")
@click.option("--bind", default="", help="Listen elsewhere, such as 0.0.0.0:8000.")
@click.option("--workers", default=1, show_default=True, help="Processes; several need Redis.")
@click.option("--migrate/--no-migrate", default=True, help="Bring the database up to date first.")
def serve(port: int, bind: str, workers: int, migrate: bool) -> None:
    """Serve the site."""
    from community import config  # noqa: PLC0415 - quick start of other commands
    from community.kernel import migrations  # noqa: PLC0415

    settings = config.load()
    if workers > 1 and not settings.redis_url:
        click.echo("Several workers need Redis: set COMMUNITY_REDIS_URL.", err=True)
        sys.exit(1)
    if migrate:
        migrations.bring_up_to_date(settings)
    run_server(bind or f"127.0.0.1:{port}", workers=workers)


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where the site is served.")
def healthy(port: int) -> None:
    """Say whether the site on this machine can serve; for health checks."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=4) as answer:
            click.echo(answer.read().decode().strip())
    except OSError as problem:  # refused, too slow, or 503
        click.echo(f"The site is not ready: {problem}", err=True)
        sys.exit(1)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
def worker(once: bool) -> None:
    """Do the background work: letters, reminders, clean-up."""
    from community import create_app  # noqa: PLC0415
    from community.jobs.services import work_off  # noqa: PLC0415
    from community.kernel import housekeeping, logs, serving, settings  # noqa: PLC0415

    logs.configure_from(os.environ)
    app = create_app()
    with app.app_context():
        serving.hold_in(settings.current().data_dir)
    if once:
        with app.app_context():
            click.echo(f"{work_off()} done or tried")
        return
    housekeeping.start(app, housekeeping.chores(per_site=True))
    threading.Event().wait()
