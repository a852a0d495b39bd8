# `make run` shows the register, `make test` proves it; docs/administrators.md and CONTRIBUTING.md say more.

PORT ?= 8000
JOBS ?= 2
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

BIN := .venv/bin
MANAGE := DEBUG=1 $(BIN)/python manage.py
TEST := $(BIN)/python -m pytest
SQLITE := env -u DATABASE_URL
POSTGRES := $(BIN)/python -m tests.postgres --


.PHONY: help run bench mutate test test-fast test-sqlite test-postgres test-browser lint format types
.NOTPARALLEL:

help:
	@echo 'make run        the register with its demo accounts, on http://127.0.0.1:$(PORT)'
	@echo 'make test       every suite: SQLite, PostgreSQL, Chromium'
	@echo 'make test-fast  the same without Chromium'
	@echo 'make bench      performance as ratios in one run; EVENTS=1000000 sets the scale, ONLY=list some of it'
	@echo 'make mutate     takes each visibility filter away and wants a test to notice'
	@echo 'make lint       ruff, djade, import-linter, and the checks of Django'
	@echo 'make format     ruff and djade put files into shape'
	@echo 'make types      mypy'

run: .venv/.requirements
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) seed
	@$(MANAGE) demo --verbosity 0
	@DEBUG=1 exec $(BIN)/python manage.py serve $(PORT)

.venv/.made:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or later is needed; set PYTHON to where it is.' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.requirements: .venv/.made requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.requirements-dev: .venv/.requirements requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Chromium first: where it cannot be had, that is known before minutes are spent. A suite that fails, or finds no test,
# fails the whole; the others still run.
test: .venv/.requirements-dev
	@CHROMIUM="$$($(BIN)/python -m tests.chromium)" && export CHROMIUM && \
		$(MAKE) --no-print-directory --keep-going test-sqlite test-postgres test-browser

test-fast: .venv/.requirements-dev
	@$(MAKE) --no-print-directory --keep-going test-sqlite test-postgres
	@echo 'The browser suite was left out: make test runs it too.'

test-sqlite: .venv/.requirements-dev
	@echo '== SQLite'
	@$(SQLITE) $(TEST) -n $(JOBS) -m 'not browser'

test-postgres: .venv/.requirements-dev
	@echo '== PostgreSQL'
	@$(POSTGRES) $(TEST) -n $(JOBS) -m 'not browser'

test-browser: .venv/.requirements-dev
	@echo '== Chromium'
	@$(POSTGRES) $(TEST) -n $(JOBS) -m browser

TEMPLATES := git ls-files -z 'templates/*.html' '*/templates/*.html'

format: .venv/.requirements-dev
	$(BIN)/ruff check --fix-only --select I .
	$(BIN)/ruff format .
	$(TEMPLATES) | xargs -0 -r $(BIN)/djade --target-version 5.2 || true

bench: .venv/.requirements-dev
	@$(BIN)/python -m tests.bench

mutate: .venv/.requirements-dev
	@$(SQLITE) $(TEST) -s tests/mutation.py

lint: .venv/.requirements-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(TEMPLATES) | xargs -0 -r $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports --no-cache
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run
	@DEBUG= BEHIND_PLAIN_HTTP= ALLOWED_HOSTS=register.example.org \
		SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

types: .venv/.requirements-dev
	$(BIN)/mypy
