# `make run` (install, simulate, write the report), `make test` (lint, format, types, tests), and `make golden`
# (make the golden outcomes anew, on purpose; say why in CHANGES.md).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test golden check-python
run: $(VENV)/.installed
	$(BIN)/docketflow run one-million-first-year --out results/one-million-first-year

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2

golden: $(VENV)/.installed-dev
	cd tests && ../$(BIN)/python -m golden --write

check-python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v[:2] <= (3, 13) else "docketflow needs Python 3.11 to 3.13; %s is %d.%d. Try: make run PYTHON=python3.12" % (sys.executable, v[0], v[1]))'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "docketflow needs the venv module of $(PYTHON) (on Debian: apt install python3-venv)"; exit 1; }

$(VENV)/.installed: pyproject.toml | check-python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@
