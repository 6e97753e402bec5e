# `make demo` and `make test` on a fresh machine, in any order: each sets up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup demo test test-all lint build bench clean
.DEFAULT_GOAL := help

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "clustermass needs Python 3.11 or newer; try: make $(or $(MAKECMDGOALS),demo) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

setup: $(STAMP) ## Install everything into .venv

demo: $(STAMP) ## The main job: build, hand in a small class, grade it, show the results
	$(BIN)/python -m autograder demo

test: $(STAMP) ## The fast tests
	$(BIN)/python -m pytest -m 'not slow' -n 2

test-all: $(STAMP) ## All tests, slow ones included
	$(BIN)/python -m pytest -n 2

lint: $(STAMP) ## ruff and mypy
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

build: $(STAMP) ## source -> release + solutions
	$(BIN)/python -m autograder build

bench: $(STAMP) ## Measure: catalogue, training, checks, grading, tolerances
	$(BIN)/python benchmarks/catalog_anchors.py
	$(BIN)/python benchmarks/training_speed.py
	$(BIN)/python benchmarks/check_latency.py
	$(BIN)/python benchmarks/grading_throughput.py
	$(BIN)/python benchmarks/bias_tolerance.py
	$(BIN)/python benchmarks/likelihood_tolerances.py

clean: ## Remove the environment and caches
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
