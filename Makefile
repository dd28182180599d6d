# `make up` starts an installation, `make test` proves it; both need Python 3.11+ with venv, and nothing else.
# Paths are relative on purpose: a folder with a space in its name must work.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev up test check fuzz bench chaos shots lane-mosquitto lane-timescale lane-chaos lane-browser clean

PYTHON ?= python3
ARGS ?=
BENCH ?=
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
PACKAGES := core devices gateway dispatch services dashboards deploy
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --no-input --disable-pip-version-check --require-hashes --only-binary :all:
SAY := @printf '%s\n'

help:
	@echo "make up [ARGS='--http-port 8080']   start everything on this machine (first time: about a minute)"
	@echo "make test                           set up, check, and run the tests"
	@echo "make check                          formatting, lints, types, layers"
	@echo "make fuzz [ARGS='--count 100000']   mutated messages through every codec"
	@echo "make bench [BENCH=name]             measure; one JSON line per figure"
	@echo "make chaos                          kill everything at random, count what is left (needs Mosquitto)"
	@echo "make shots                          tests/artifacts/pages: every page, two sizes, two languages (Chromium)"

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or later is needed, and $(PYTHON) is not one: install it, or say make PYTHON=..." >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv is missing: on Debian or Ubuntu, apt install python3-venv" >&2; exit 2; }
	$(SAY) "[1/3] making .venv"
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.packages: requirements.lock .venv/.made
	$(SAY) "[2/3] installing the locked packages (about half a minute)"
	@$(PIP) -r requirements.lock
	@touch $@

.venv/.installed: .venv/.packages requirements-assets.lock deploy/install.py
	$(SAY) "[3/3] web assets and the yinling command"
	@rm -rf .cache/assets
	@$(PIP) --no-deps --target .cache/assets -r requirements-assets.lock
	@$(PY) -m deploy.install .cache/assets
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.packages
	$(SAY) "[dev] installing the tools of developers"
	@$(PIP) -r requirements-dev.lock
	@touch $@

.venv-bench/.made: requirements-bench.lock .venv/.made
	$(SAY) "[bench] installing the solvers that the planner is measured beside"
	@rm -rf .venv-bench
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/$(notdir $(PIP)) -r requirements-bench.lock
	@touch $@

setup: .venv/.installed
setup-dev: setup .venv/.dev

up: setup
	@exec .venv/bin/yinling up $(ARGS)

check: setup-dev
	$(SAY) "ruff" && .venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check .
	$(SAY) "mypy" && .venv/bin/mypy --no-error-summary
	$(SAY) "layers" && .venv/bin/lint-imports --no-cache > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }
	$(SAY) "dependencies" && .venv/bin/deptry . --config .ci/deptry.toml --no-ansi 2> .venv/deptry.log || { cat .venv/deptry.log; exit 1; }
	$(SAY) "house rules" && $(PY) -m deploy.checks

test: setup-dev check
	$(SAY) "tests, $(WORKERS) at a time"
	@$(PY) -m pytest -q -m "not browser" -n $(WORKERS) --dist worksteal --reruns 2 --reruns-delay 1 --cov --cov-report=
	$(SAY) "coverage: at least 90 % in all, 100 % of the branches of what decides (.ci/pure.txt)"
	@$(PY) -m coverage report --format=total --fail-under=90
	@$(PY) -m coverage report --fail-under=100 --include="$$(paste -sd, .ci/pure.txt)"

fuzz: setup-dev
	@$(PY) -m tests.fuzz $(ARGS)

bench: setup-dev $(if $(or $(filter plan city online,$(BENCH)),$(if $(BENCH),,all)),.venv-bench/.made)
	@$(PY) -m tests.bench $(BENCH)

chaos: setup-dev
	@$(PY) -m tests.chaos

shots: setup-dev
	@$(PY) -m deploy.lanes shots

lane-mosquitto: setup-dev
	@$(PY) -m deploy.lanes mosquitto

lane-timescale: setup-dev
	@$(PY) -m deploy.lanes timescale

lane-chaos: setup-dev
	@$(PY) -m deploy.lanes chaos

lane-browser: setup-dev
	@$(PY) -m deploy.lanes browser

clean:
	rm -rf .venv .venv-bench .cache
