# Two commands: `make run` and `make test`. Each sets itself up; nothing else is needed than
# Python 3.11 or newer, make, and a package index for pip.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# --no-compile: Python compiles what is imported, a fraction of what is installed.
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile --constraint constraints.txt
JOBS   ?= 2
unexport PYTHONDONTWRITEBYTECODE  # code is compiled once, not by every process that a test starts

.PHONY: run test style types fast-tests test-slow docs words format package release size clean help

run: $(VENV)/run.stamp            ## run the default study, leave runs/default/report.html
	$(BIN)/hidra run studies/default.yaml --out runs/default

test: $(VENV)/dev.stamp           ## lint, types and the fast tests, side by side
	@$(MAKE) --no-print-directory --jobs 2 style types fast-tests

style: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/dev.stamp
	$(BIN)/mypy

# Most programs that tests compile run for moments only: here they are compiled without most
# optimisations. Goldens and slow tests take them as users do. Each of the workers has one core:
# threads of its linear algebra would wait for each other, a fifth of all processor time.
fast-tests: $(VENV)/dev.stamp
	JAX_DISABLE_MOST_OPTIMIZATIONS=1 OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 \
	  $(BIN)/pytest -n $(JOBS) --dist loadscope -m "not slow"

test-slow: $(VENV)/dev.stamp      ## the long checks, minutes each
	$(BIN)/pytest -n $(JOBS) --dist loadscope -m slow

docs: $(VENV)/dev.stamp           ## build the documentation site into build/docs, without the network
	$(BIN)/python -m scripts.make_docs

words: $(VENV)/dev.stamp          ## collect what is said; name what has no Spanish yet
	$(BIN)/python -m scripts.words

format: $(VENV)/dev.stamp         ## put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

package: $(VENV)/dev.stamp        ## build wheel and sdist, install each alone and use it; PYTHONS="python3.11 python3.13"
	$(BIN)/python -m scripts.check_package $(PYTHONS)

release: $(VENV)/dev.stamp        ## wheel, sdist, hashed lock, SBOM and audit of what it stands on, into dist/
	@$(PIP) --no-build-isolation --editable '.[dev,release]'
	$(BIN)/python -m scripts.make_release

size: $(VENV)/run.stamp           ## installed size: everything `make run` puts on the disk
	@du -sm $(VENV) | cut -f1 | sed 's/$$/ MB installed/'

clean:                            ## forget the environment and the caches; runs/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build

help:                             ## list these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/python.stamp: constraints.txt
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no Python called '$(PYTHON)'."; echo "  where: make"; \
	  echo "  what to do: install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$$($(PYTHON) --version) is too old."; echo "  where: make"; \
	  echo "  what to do: install Python 3.11 or newer, or name it: make PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "This Python cannot make virtual environments."; echo "  where: $$(command -v $(PYTHON))"; \
	  echo "  what to do: on Debian or Ubuntu: sudo apt-get install python3-venv"; exit 2; }
	@echo "Setting up $(VENV) (once)..."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade pip || true  # that of Python 3.11 takes twice as long to choose versions
	@$(PIP) hatchling editables
	@touch $@

$(VENV)/run.stamp: $(VENV)/python.stamp pyproject.toml
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/python.stamp pyproject.toml
	@$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $(VENV)/run.stamp $@
