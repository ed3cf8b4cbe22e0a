"""Set this checkout up: `python3 -m tools.install [--development | --tests]`.

With nothing more said it installs what running needs; `--development` adds the tools that
`make check` uses; `--tests` adds what the tests start besides: Chromium and redis-server.
"""

import argparse
import sys

from tools import environment, machine, vendor
from tools.commands import LOG, Missing


def main() -> int:
    """Install what is asked for; give 1 and say one sentence if something is missing."""
    parser = argparse.ArgumentParser(description="Set this checkout up.")
    parser.add_argument("--development", action="store_true", help="also the tools of `make check`")
    parser.add_argument("--tests", action="store_true", help="also what the tests start")
    wanted = parser.parse_args()
    LOG.unlink(missing_ok=True)
    try:
        environment.install(development=wanted.development or wanted.tests)
        vendor.install()
        if wanted.tests:
            machine.ensure_chromium()
            machine.ensure_redis()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
