# communique: `make run` shows what it does, `make test` holds it to its promises.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := constraints.txt
BUNDLE := graph_build/static/.bundle

.PHONY: run test lint types unit setup docs web bench constraints clean
.DEFAULT_GOAL := run

run: $(VENV)/.run web
	@echo "== Reading the papers in seeds/ into ./graph"
	$(BIN)/communique build seeds --out graph
	@echo
	@echo "== From what ministers directed on 2 April 2013 to the work plan for 2015-17"
	$(BIN)/communique trace "ministerial conference 2013" --graph graph
	@echo
	@echo "Go on with:"
	@echo "  $(BIN)/communique query --list          the questions that the graph answers"
	@echo "  $(BIN)/communique query attendance      one of them"
	@echo "  $(BIN)/communique explain symposium     everything said of a thing, with the sentences"
	@echo "  $(BIN)/communique serve                 pages, lineage explorer and SPARQL on http://127.0.0.1:7878"
	@echo "  $(BIN)/communique build YOUR-FOLDER --out my-graph"

test: $(VENV)/.test web lint types unit

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.test
	$(BIN)/mypy

unit: $(VENV)/.test web
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --cov --cov-report=term:skip-covered

setup: $(VENV)/.test web

docs: $(VENV)/.test
	$(BIN)/python docs/make_ontology_page.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -c $(CONSTRAINTS) -e '.[fast]'
	@touch $@

$(VENV)/.test: pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -c $(CONSTRAINTS) -e '.[fast,test]'
	@touch $@ $(VENV)/.run

# The front-end parts are bundled here and served locally; at run time nothing comes from other hosts.
web:
	@if [ ! -f web/package.json ]; then :; \
	elif ! command -v npm >/dev/null 2>&1; then \
	  echo "npm was not found: pages that need the front-end bundle (lineage explorer, query editor) will say so."; \
	  echo "Install Node 20 or newer and run 'make web' for them."; \
	else $(MAKE) --no-print-directory $(BUNDLE); fi

$(BUNDLE): web/package.json web/package-lock.json $(wildcard web/src/* web/*.mjs)
	cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@mkdir -p $(dir $@) && touch $@

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks.build

constraints: $(VENV)/bin/python
	$(BIN)/python -m pip install -q --upgrade --upgrade-strategy eager -e '.[fast,test]'
	$(BIN)/python .ci/constraints.py > $(CONSTRAINTS)

clean:
	rm -rf graph build dist .mypy_cache .ruff_cache .pytest_cache .coverage .coverage.*
