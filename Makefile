# Two commands for everyone: `make run` (install, simulate, write the report) and `make test` (lint, format, types,
# licences, tests). For those who change something: `make quick` (under a minute), `make slow` (the searches and studies
# of the whole country that `make test` leaves out), `make lowest` (the wheel, and the lowest versions it says it runs
# on), `make lock` (write the locks anew, with UPGRADE=--upgrade to the newest).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := pip --disable-pip-version-check --quiet
HASHED := install --require-hashes --only-binary :all:

QUICK := tests/test_house.py tests/test_supply.py tests/core tests/evidence tests/policy tests/report tests/results \
	tests/engine/test_books.py tests/engine/test_repeats.py
ON_LOWEST := $(QUICK) tests/cli/test_commands.py tests/engine/test_twin.py tests/lifecycle
TINY := fiscal-year-2024 --members 2 --scale 1/5000

.PHONY: docs run app answers test slow bounds quick lint wheel lowest lock check-python
run: $(VENV)/.installed
	$(BIN)/docketflow run one-million-first-year --out results/one-million-first-year

# The app in a browser; the answers it opens with lie in the package and are made anew by `make answers`.
app: $(VENV)/.installed-app
	$(BIN)/docketflow app

answers: $(VENV)/.installed-dev
	$(BIN)/docketflow app --prepare

# The pages of docs/ that are read off the project; a test finds a stale one.
docs: $(VENV)/.installed-dev
	$(BIN)/python docs/pages.py

test: lint
	$(BIN)/pip-licenses > /dev/null
	$(BIN)/pytest -n 2

slow: lint
	$(BIN)/pytest -n 2 -m slow

# The machine reads and writes its memory unchecked; here each place is checked (ten minutes; forms of their own).
bounds: $(VENV)/.installed-dev
	NUMBA_BOUNDSCHECK=1 $(BIN)/pytest -n 2 tests/engine tests/lifecycle tests/conductor tests/golden

quick: lint
	$(BIN)/pytest -n 2 $(QUICK)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The wheel: built here, and again from its own source archive elsewhere with other rights and another time zone.
wheel: export SOURCE_DATE_EPOCH = $(shell git log -1 --format=%ct 2>/dev/null || echo 1767225600)
wheel: $(VENV)/.installed-dev
	rm -rf dist build/again
	mkdir -p build/again
	$(BIN)/hatchling build -t wheel -t sdist -d dist
	tar -xzf dist/*.tar.gz -C build/again --strip-components 1
	cd build/again && umask 077 && TZ=UTC-9 $(abspath $(BIN))/hatchling build -t wheel -d twin
	cmp dist/*.whl build/again/twin/*.whl

# The wheel as a user has it, on the locked versions and on the lowest: the same answer, then tests on the lowest.
lowest: export PYTHONPATH =
lowest: wheel build/run/.installed build/lowest/.installed
	for venv in run lowest; do \
		$(BIN)/$(PIP) --python build/$$venv/bin/python install --no-deps --force-reinstall dist/*.whl && \
		build/$$venv/bin/docketflow scenarios > /dev/null && \
		rm -rf build/answer-$$venv && \
		build/$$venv/bin/docketflow run $(TINY) --out build/answer-$$venv || exit 1; \
	done
	cmp build/answer-run/answers_by_month.csv build/answer-lowest/answers_by_month.csv
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o dist/sbom.cdx.json build/run
	build/lowest/bin/pytest -n 2 $(ON_LOWEST)

COMPILE = UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes $(UPGRADE) pyproject.toml
lock: $(VENV)/.installed-dev
	$(COMPILE) --extra dev -o requirements/dev.lock
	$(COMPILE) -c requirements/dev.lock -o requirements/run.lock
	$(COMPILE) --extra app -c requirements/dev.lock -o requirements/app.lock
	$(COMPILE) --resolution lowest-direct --extra test --extra cluster -o requirements/lowest.lock

check-python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v[:2] <= (3, 13) else "docketflow needs Python 3.11 to 3.13; %s is %d.%d. Try: make run PYTHON=python3.12" % (sys.executable, v[0], v[1]))'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "docketflow needs the venv module of $(PYTHON) (on Debian: apt install python3-venv)"; exit 1; }

$(VENV)/.installed: pyproject.toml requirements/run.lock | check-python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(PIP) $(HASHED) -r requirements/run.lock
	$(BIN)/$(PIP) install --no-deps -e .
	touch $@

$(VENV)/.installed-app: $(VENV)/.installed requirements/app.lock
	$(BIN)/$(PIP) $(HASHED) -r requirements/app.lock
	touch $@

$(VENV)/.installed-dev: pyproject.toml requirements/dev.lock | check-python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(PIP) $(HASHED) -r requirements/dev.lock
	$(BIN)/$(PIP) install --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/.installed $(VENV)/.installed-app

build/%/.installed: requirements/%.lock $(VENV)/.installed-dev
	$(PYTHON) -m venv --clear --without-pip $(@D)
	$(BIN)/$(PIP) --python $(@D)/bin/python $(HASHED) -r $<
	touch $@
