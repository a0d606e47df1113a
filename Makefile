# The commands of this project. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
HOST ?= localhost
BIN := .venv/bin

.PHONY: help setup demo test journeys check bench serve lock clean need-python need-node

help: ## List these commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## */\t/' | expand -t 10

need-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed. On Debian: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv is needed. On Debian: sudo apt-get install python3-venv"; exit 1; }

need-node:
	@node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null || \
	  { echo "Node 20 or newer is needed. On Debian: sudo apt-get install nodejs npm"; exit 1; }
	@command -v npm >/dev/null || { echo "npm is needed. On Debian: sudo apt-get install npm"; exit 1; }

.venv/tools: requirements/tools.lock
	@$(MAKE) -s need-python
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.lock
	@touch $@

.venv/core: .venv/tools requirements/core.lock
	@test -f .venv/dev || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/core.lock
	@touch $@

.venv/dev: .venv/tools requirements/dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@touch $@ .venv/core

node_modules/.served: package-lock.json
	@$(MAKE) -s need-node
	@test -f node_modules/.all || npm ci --ignore-scripts --omit=dev --loglevel=error
	@touch $@

node_modules/.all: package-lock.json
	@$(MAKE) -s need-node
	npm ci --ignore-scripts --loglevel=error
	@touch $@ node_modules/.served

setup: .venv/dev node_modules/.all ## Install everything development needs

demo: .venv/core node_modules/.served ## Run the whole product with demonstration data (PORT=, HOST=, SITE_URL=)
	@HOST="$(HOST)" PORT="$(PORT)" SITE_URL="$(SITE_URL)" $(BIN)/python -m config.demo

test: setup ## Run the suite on SQLite (at most 5 minutes)
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not browser and not slow"

journeys: setup ## Run what takes longer: pictures, killed workers, journeys in Chromium
	$(BIN)/python -m pytest -n auto --dist worksteal -m "browser or slow"

check: setup ## Lint, types, contracts and the fast tests (at most 90 seconds)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --severity-level medium --configfile pyproject.toml --recursive config provenance tags memories
	$(BIN)/python -m pytest -n auto --dist worksteal -q -m "not django_db and not slow and not browser and not node and not postgres and not redis"

bench: setup ## Measure the promises against peers and limits, in one run
	$(BIN)/python -m bench

serve: .venv/core node_modules/.served ## Serve the site with the settings of the environment
	$(BIN)/python manage.py migrate --no-input
	$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	$(BIN)/python -m config.serve --host $(HOST) --port $(PORT)

COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade --exclude-newer "$$($(PYTHON) -c 'import datetime; print(datetime.date.today() - datetime.timedelta(days=7))')"
lock: .venv/tools ## Update the locks to what is at least seven days old
	$(COMPILE) pyproject.toml -o requirements/core.lock
	$(COMPILE) pyproject.toml --group dev --extra postgres --extra scale --extra c2pa --extra video -o requirements/dev.lock
	$(COMPILE) pyproject.toml --all-extras -o requirements/extras.lock

clean: ## Remove what the commands made (the demo's data too)
	rm -rf .venv node_modules var .mypy_cache .pytest_cache .ruff_cache .hypothesis
