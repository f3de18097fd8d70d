# Every target sets up from nothing what it needs; a second call installs nothing.
#
#   make install     the virtual environment .venv with everything in it, and the system's packages where they can be had
#   make run         the workbench on http://127.0.0.1:8501 (make run PORT=8600 for another port)
#   make demo        the whole life of a model in a terminal
#   make test        the tests without the slow ones        make test-slow   the slow ones
#   make check       format, lint, types, rules between rooms, licences
#   make wheel       the wheel in dist/, installed in a copy of the environment and tried there
#   make sbom        what is installed, as a bill of materials (CycloneDX 1.6), in build/sbom.cdx.json
#   make audit       known faults of the pinned versions; make audit REQUIRED=1 fails where they cannot be checked, too
#   make bench       the measured claims; figures go to tests/bench/figures/

SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
PORT ?= 8501
BIN := .venv/bin

# Tests start hundreds of processes: none of them should have to compile our modules again.
export PYTHONDONTWRITEBYTECODE :=

# The stamp is named after what the environment was made from, so any change to it makes a new one.
KEY := $(shell cat pyproject.toml constraints.txt .ci/system-packages | cksum | tr ' ' '-')
STAMP := .venv/.installed-$(KEY)

.DEFAULT_GOAL := help
.PHONY: help install run demo test test-slow check wheel sbom audit bench clean

help:
	@sed -n '3,12s/^# \{0,3\}//p' Makefile

install: $(STAMP)

$(STAMP):
	@test -n "$(PYTHON)" || { echo "No python3 was found: install Python 3.11 or newer." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name another: make install PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; v = sys.version_info; sys.exit(v < {11: (3, 11, 13), 12: (3, 12, 11), 13: (3, 13, 4)}.get(v[1], v))' || \
		echo "$$("$(PYTHON)" -V) has known faults in unpacking tar archives, which Tandem does without; 3.11.13, 3.12.11 and 3.13.4 mend them." >&2
	.ci/system-packages
	test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]" -c constraints.txt
	rm -f .venv/.installed-*
	touch $@

run: install
	$(BIN)/tandem up --port $(PORT)

demo: install
	$(BIN)/tandem demo

# Two files at a time: each worker has a Ray, a Spark and a browser of its own, so more would need more memory.
test: install
	$(BIN)/python -m pytest -m "not slow and not gpu" -n 2 --dist loadfile --no-loadscope-reorder

test-slow: install
	$(BIN)/python -m pytest -m "slow and not gpu"

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python .ci/check_files.py
	$(BIN)/python .ci/catalogue.py --check
	$(BIN)/python .ci/licences.py

wheel: install
	$(BIN)/python .ci/wheel.py dist

sbom: install
	$(BIN)/python .ci/sbom.py build/sbom.cdx.json

audit: install
	$(BIN)/python .ci/audit.py $(if $(REQUIRED),--required)

bench: install
	@missed=0; for claim in tests/bench/bench_*.py; do echo "== $$claim"; $(BIN)/python "$$claim" || missed=1; done; exit $$missed

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
