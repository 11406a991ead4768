# Each target sets up what it needs first: a Python environment in .venv and, on Debian, the libraries Qt needs.

PYTHON := .venv/bin/python

.PHONY: run test check bench setup clean

run: ## start the editor; FILE=face.sni opens a file
	@tools/setup.sh --window
	@$(PYTHON) -m sni_desktop $(FILE)

test: setup ## the whole test suite, without a display; ARGS go to pytest
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest $(ARGS)

check: setup ## style and types
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy

bench: setup ## how fast this machine draws, edits and trains; ARGS go to sni bench
	@$(PYTHON) -m sni_engine.cli bench $(ARGS)

setup:
	@tools/setup.sh

clean: ## remove what setup made
	rm -rf .venv
