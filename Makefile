# Each target sets up what it needs first: a Python environment in .venv and, on Debian, the libraries Qt needs.

PYTHON := .venv/bin/python
JOBS ?= 2 # processes that test; each holds up to 1 GiB

.PHONY: run test check bench setup clean

run: ## start the editor; FILE=face.sni opens a file
	@tools/setup.sh --window
	@$(PYTHON) -m sni_desktop $(FILE)

test: setup ## the whole test suite, without a display; ARGS go to pytest, JOBS=1 is one test after the other
	@QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1} $(PYTHON) -m pytest -n $(strip $(JOBS)) --dist loadfile $(ARGS)

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
