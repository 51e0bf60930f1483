# The two commands that matter: `make up` does the main job, `make test` proves it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check install --no-color --no-deps --only-binary :all: --require-hashes
# Built without isolation, so that nothing is fetched but what the lock files name.
OURS := $(BIN)/pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .

PROCESSES ?= 2
# Files of tests are shared between processes, each with a Neo4j of its own.
PYTEST := $(BIN)/pytest --numprocesses=$(PROCESSES) --dist=loadfile --no-loadscope-reorder

.PHONY: help up test coverage lint docs screenshot screenshots preview bench bench-api lock clean

help:
	@echo "make up      install, start Neo4j, load the seeds, serve on http://127.0.0.1:8000 (PORT= changes it)"
	@echo "make test    install what the tests need, check style and types, run the tests"
	@echo "make coverage  run the tests and show which lines none of them runs; takes a third longer"
	@echo "make docs    write the generated pages of docs/ anew, and the cookbook's answers"
	@echo "make screenshot  take the picture of the README, while make up runs"
	@echo "make screenshots  take pictures of all pages into build/screenshots, while make up runs"
	@echo "make preview  render every page from an invented graph into build/preview, without Neo4j"
	@echo "make bench   measure beside the rivals (CLAIMS=100000)"
	@echo "make bench-api  measure the API as it is served, beside the bare driver and Datasette (CLAIMS=100000)"
	@echo "make lock    resolve the lock files anew (needs uv)"
	@echo "make clean   remove the environment and what tools left behind"

up: $(VENV)/app
	@$(BIN)/sightlines up --with-parent $(if $(PORT),--port $(PORT))

test: lint
	$(PYTEST) $(ARGS)

coverage: $(VENV)/dev
	$(PYTEST) --cov --cov-report=term:skip-covered $(ARGS)

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/dev
	$(BIN)/sightlines ontology --markdown > docs/ontology.md
	$(BIN)/sightlines ontology --graph > docs/graph.md
	$(BIN)/python -m sightlines.cookbook docs/cookbook.md
	$(BIN)/python -m sightlines.openapi > docs/openapi.json

screenshot: $(VENV)/dev
	$(BIN)/python docs/screenshot.py $(PORT)

screenshots: $(VENV)/dev
	$(BIN)/python docs/screenshots.py $(PORT)

preview: $(VENV)/dev
	@$(BIN)/python scripts/preview.py

bench: $(VENV)/dev
	$(BIN)/python -m bench $(if $(CLAIMS),--claims $(CLAIMS))

bench-api: $(VENV)/dev
	$(BIN)/python -m bench.served $(if $(CLAIMS),--claims $(CLAIMS))

# pyvis imports IPython for notebooks alone: viz/network.py does without it.
LOCK := uv pip compile --universal --python-version 3.11 --only-binary :all: --generate-hashes \
  --no-strip-extras --no-emit-index-url --custom-compile-command "make lock" --quiet

lock:
	echo ipython | $(LOCK) pyproject.toml --extra build --extra tables --excludes - -o requirements.lock
	$(LOCK) pyproject.toml --extra build --extra dev -c requirements.lock -o requirements-dev.lock
	echo 'neontology>=2.2' | $(LOCK) - -o bench/neontology.lock
	echo 'datasette>=0.65' | $(LOCK) - -o bench/datasette.lock

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# The stamps say what is installed: the app alone, or the tools of the tests as well.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Sightlines needs Python 3.11 or newer; this is $$($(PYTHON) -V). Give another one: make up PYTHON=python3.12"; exit 1; }
	@echo "Making the environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/app: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing (a minute or two) …"
	@$(PIP) --requirement requirements.lock
	@$(OURS)
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing (a minute or two) …"
	@$(PIP) --requirement requirements-dev.lock
	@$(OURS)
	@touch $@ $(VENV)/app
