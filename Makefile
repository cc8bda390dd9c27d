# Everything happens in .venv, made on first use; nothing but Python 3.11+ and make is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OUT ?= build/demo
VA := inventories/va-notifications

.DEFAULT_GOAL := help
.PHONY: help demo test browser check lint types arch docs words audit bench build clean

help:  ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("cxmap needs Python 3.11 or later; say `make PYTHON=python3.12 ...`" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(STAMP)  ## Audit a real organisation's inventory, draw its maps, compare it with its target
	@mkdir -p $(OUT)
	@$(BIN)/cxmap audit $(VA) --fail-on none --report json=$(OUT)/findings.json
	@$(BIN)/cxmap render $(VA) --findings --view web -o $(OUT)/web.svg
	@$(BIN)/cxmap render $(VA) --findings --view layers -o $(OUT)/layers.svg
	@$(BIN)/cxmap render $(VA) -o $(OUT)/map.html
	@$(BIN)/cxmap diff $(VA) $(VA)@target
	@echo; echo "maps: $(OUT)/web.svg and $(OUT)/layers.svg; to explore: $(OUT)/map.html (open it in a browser); findings: $(OUT)/findings.json"

test: $(STAMP) browser  ## Run the tests
	@$(BIN)/python -m pytest

browser:  ## Chromium for the tests of the workshop page, where it can be installed
	@sh tests/browser/install.sh

check: lint types arch docs test audit  ## Everything that CI checks

lint: $(STAMP)  ## Style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP)  ## Types
	@$(BIN)/mypy

arch: $(STAMP)  ## Which room may import which
	@$(BIN)/lint-imports

words: $(STAMP)  ## Bring the catalogues of the drawing's words up to date with the code, and compile them
	@$(BIN)/python -m tests.catalogues --write

docs: $(STAMP)  ## Freshness of generated pages and catalogues
	@$(BIN)/python -m tests.freshness

audit: $(STAMP)  ## The tool on its own inventories
	@for folder in $$(ls -d inventories/*/*.cxmap.yaml examples/*/*.cxmap.yaml | xargs -n1 dirname | sort -u); do echo "validate $$folder"; $(BIN)/cxmap validate $$folder || exit 1; \
	  $(BIN)/cxmap audit $$folder --fail-on none --format json > /dev/null || exit 1; done

bench: $(STAMP) browser  ## Measure start-up, validate and audit against their yardsticks
	@$(BIN)/python -m tests.benchmarks --full

build: $(STAMP)  ## Wheel and source distribution, in dist/
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check build
	@$(BIN)/python -m build --outdir dist .

clean:  ## Remove what was made
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
