# What a person types here. `make run` and `make test` need nothing beforehand but Python 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
COVERAGE = $(BIN)/python -m coverage
# Measures the processes that a process starts, too.
MEASURED = COVERAGE_PROCESS_START=$(CURDIR)/pyproject.toml $(BIN)/python
# As many processes run tests as there are processors; one that is done takes tests over from others.
SIDE_BY_SIDE := -n auto --dist worksteal
# Branch coverage of both suites together; raised when more is reached, lowered only by a decision record.
GATE_PROTOCOL := 99
GATE_STORAGE := 99
GATE_FEDCOP := 95

# What stands on the store, on a PostgreSQL server that the tests start instead of on files of SQLite.
ON_POSTGRES := tests/storage tests/fedcop tests/federation_matrix tests/journeys

.PHONY: run test test-all test-slow test-postgres check lint fix bench simulate bundle fuzz setup coverage

# Nothing is written outside .venv and sample/: compiled modules neither.
run: export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/pycache
run: $(VENV)/.run
	@exec $(BIN)/python -m fedcop.sample --with-parent $(if $(TLS),--tls) $(if $(RESET),--reset)

test: setup
	@COVERAGE_FILE=$(CURDIR)/.coverage.default $(MEASURED) -m pytest -q $(SIDE_BY_SIDE)

test-all: test-slow test-postgres

test-slow: setup
	@COVERAGE_FILE=.coverage.slow $(COVERAGE) run -m pytest -q -m slow

test-postgres: setup
	@COVERAGE_FILE=$(CURDIR)/.coverage.postgres $(MEASURED) -m tests.support.postgres -q $(SIDE_BY_SIDE) $(ON_POSTGRES)

check: lint test

lint: setup
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

fix: setup
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

bench: setup
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.search

# A year of asks with and without routing: a table, and a chart in dist/. ARGS="--seed 7" gives another year.
simulate: setup
	@$(BIN)/python -m bench.simulate $(ARGS)

# One archive to install from without a network, in dist/.
bundle: setup
	@$(BIN)/python -m deploy.bundle

# COUNT and SEED choose how many spoilt documents are read, and which.
fuzz: setup
	@$(BIN)/python -m tests.fuzz $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

coverage: setup
	@$(COVERAGE) combine --keep --quiet .coverage.*
	@$(COVERAGE) report --include='activitypub/*' --fail-under=$(GATE_PROTOCOL)
	@$(COVERAGE) report --include='storage/*' --fail-under=$(GATE_STORAGE)
	@$(COVERAGE) report --include='fedcop/*' --fail-under=$(GATE_FEDCOP)

setup: $(VENV)/.dev

# The stamps make a second call quiet. The hashes make a fresh install the tested one.
# The list is whole, and pyproject.toml leaves two libraries out of it on purpose: nothing is added to it here.
$(VENV)/.dev: $(VENV)/.run constraints-dev.txt
	@echo "installing what work on fedcop needs"
	@$(BIN)/pip install --quiet --no-deps --require-hashes -r constraints-dev.txt
	@touch $@

$(VENV)/.run: $(VENV)/.made constraints.txt pyproject.toml
	@echo "installing fedcop into $(VENV)"
	@$(BIN)/pip install --quiet --require-hashes -r constraints.txt
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "fedcop needs Python 3.11 or newer; this is $$($(PYTHON) --version)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@
