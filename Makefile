# Cornhill's commands. `make` alone explains them; nothing here needs more than Python 3.11, 3.12 or 3.13.

.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV ?= .venv
PORT ?= 8000
export VENV PORT
# `site` goes on the path as a folder; see docs/adr/0001-site-folder.md.
export PYTHONPATH := $(CURDIR)/site:$(CURDIR)

PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py

.PHONY: help
help: ## Explain these commands
	@echo "Cornhill: a content-driven storefront on Wagtail"
	@echo
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo

##@ The two that matter
.PHONY: demo
demo: ## Set everything up and serve the demo shop (PORT=8123 for another port)
	@python=$$(bin/find-python) && exec "$$python" bin/run_demo.py

.PHONY: test
test: install-dev ## Prove the project: all tests, SQLite and PostgreSQL (ARGS="shop/cart -x" for some)
	@$(PY) bin/run_tests.py $(ARGS)

.PHONY: test-long
test-long: install-dev ## Prove money and stock in full numbers, on PostgreSQL: hours (ARGS="tests/crashes" for some)
	@$(PY) bin/run_long_tests.py $(ARGS)

##@ While you work
.PHONY: lint
lint: install-dev ## Check style, types, import directions and migrations
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy .
	@$(VENV)/bin/lint-imports --no-logo
	@DJANGO_SETTINGS_MODULE=storefront.settings.test $(MANAGE) makemigrations --check --dry-run
	@if command -v node >/dev/null 2>&1; then for file in static/js/*.js; do [ ! -e "$$file" ] || node --check "$$file" || exit 1; done; fi

.PHONY: format
format: install-dev ## Sort imports and format the code
	@$(VENV)/bin/ruff check --fix --quiet .
	@$(VENV)/bin/ruff format .

.PHONY: coverage
coverage: ## List the lines that the last `make test` did not reach
	@$(VENV)/bin/coverage report

.PHONY: shell
shell: install ## Open a Python shell with Django loaded
	@$(MANAGE) shell

.PHONY: migrations
migrations: install ## Write migrations for changed models
	@$(MANAGE) makemigrations

.PHONY: migrate
migrate: install ## Bring the database up to date
	@$(MANAGE) migrate

.PHONY: requirements
requirements: install-dev ## Pin the newest allowed versions of all requirements, with hashes
	@bin/pin-requirements

.PHONY: clean
clean: ## Remove caches and test leftovers (keeps the demo's data and the virtual environment)
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov var/test

##@ Running it
.PHONY: worker
worker: install ## Work off queued tasks (for a site that runs with TASKS=database)
	@TASKS=database $(MANAGE) db_worker --queue-name '*'

.PHONY: check
check: install ## Check the production settings (reads your environment and .env)
	@bin/check-production

.PHONY: install
install: ## Make .venv and install what the site needs
	@python=$$(bin/find-python) && "$$python" bin/install.py runtime

.PHONY: install-dev
install-dev: ## Make .venv and install the tests' tools as well
	@python=$$(bin/find-python) && "$$python" bin/install.py dev
