# The two commands that matter: `make up` does the main job, `make test` proves it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Wheels alone, so that any machine shows what one without a compiler would lack; and nothing but what
# the lock file names, which leaves IPython out (see `lock`).
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --no-color --retries 2 \
  --no-deps --only-binary :all: --require-hashes
# Built without isolation, so that nothing is fetched but what the lock files name.
OURS := $(BIN)/pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .

# Where a machine forbids compiled files, each process of a run would compile every module anew.
export PYTHONDONTWRITEBYTECODE :=

PROCESSES ?= 2
# Files of tests are shared between processes, each with a Neo4j of its own.
PYTEST := $(BIN)/pytest --numprocesses=$(PROCESSES) --dist=loadfile --no-loadscope-reorder

# An environment whose Python has gone or was upgraded is of no use, and is made anew.
HEALTHY := import os, sys; sys.exit(not os.path.isdir(f"{sys.prefix}/lib/python{sys.version_info[0]}.{sys.version_info[1]}"))
ifneq ($(wildcard $(VENV)),)
ifneq ($(shell test -x $(BIN)/python && $(BIN)/python -c '$(HEALTHY)' && echo healthy),healthy)
$(shell rm -rf $(VENV))
endif
endif

.PHONY: help up documents check test coverage lint docs words screenshot screenshots preview bench bench-api lock clean

help:
	@echo "make up      install, start Neo4j, load the seeds, serve on http://127.0.0.1:8000 (PORT= changes it)"
	@echo "make documents  install what reads web pages, PDF and DOCX (sightlines source add)"
	@echo "make check   style, types and the tests that start nothing: no server, browser or process"
	@echo "make test    style, types and all tests"
	@echo "make coverage  run the tests and show which lines none of them runs; takes a third longer"
	@echo "make words   write the words of the pages into the files of their languages (LANGUAGE=fr begins one)"
	@echo "make docs    write the generated pages of docs/ anew, and the cookbook's answers"
	@echo "make screenshot  take the picture of the README, while make up runs"
	@echo "make screenshots  take pictures of all pages into build/screenshots, while make up runs"
	@echo "make preview  render every page from an invented graph into build/preview, without Neo4j"
	@echo "make bench   measure beside the rivals (CLAIMS=100000)"
	@echo "make bench-api  measure the API as it is served, beside the bare driver and Datasette (CLAIMS=100000)"
	@echo "make lock    resolve the lock files anew (needs uv)"
	@echo "make clean   remove the environment and what tools left behind"

documents: $(VENV)/app
	$(PIP) --requirement requirements-documents.lock

up: $(VENV)/app
	@$(BIN)/sightlines up --with-parent $(if $(PORT),--port $(PORT))

# Fast: `make test` has the second type checker, the linter of scripts, and more of each property.
# schemathesis takes each process a second to import, and its one test needs Neo4j.
check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -m 'not (neo4j or browser or process or long)' --hypothesis-profile=check \
	  -p no:schemathesis --ignore=tests/api/test_schemathesis.py $(ARGS)

test: lint
	-@$(BIN)/python -m tests.aot
	$(PYTEST) $(ARGS)

coverage: $(VENV)/dev
	$(PYTEST) --cov --cov-report=term:skip-covered $(ARGS)

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python scripts/lint_js.py

docs: $(VENV)/dev
	$(BIN)/sightlines ontology --markdown > docs/ontology.md
	$(BIN)/sightlines ontology --graph > docs/graph.md
	$(BIN)/sightlines ontology --schema > docs/schema.json
	$(BIN)/sightlines ontology --words > docs/vocabulary.md
	$(BIN)/python -m sightlines.cookbook docs/cookbook.md
	$(BIN)/python -m sightlines.openapi > docs/openapi.json

words: $(VENV)/dev
	$(BIN)/python scripts/catalogue.py $(LANGUAGE)

screenshot: $(VENV)/dev
	$(BIN)/python docs/screenshot.py $(PORT)

screenshots: $(VENV)/dev
	$(BIN)/python docs/screenshots.py $(PORT)

preview: $(VENV)/dev
	@$(BIN)/python scripts/preview.py

bench: $(VENV)/dev
	$(BIN)/python -m bench $(if $(CLAIMS),--claims $(CLAIMS))

bench-api: $(VENV)/dev
	$(BIN)/python -m bench.server $(if $(CLAIMS),--claims $(CLAIMS))

# pyvis imports IPython for notebooks alone: viz/network.py does without it.
LOCK := uv pip compile --universal --python-version 3.11 --only-binary :all: --generate-hashes \
  --no-strip-extras --no-emit-index-url --custom-compile-command "make lock" --quiet

lock:
	echo ipython | $(LOCK) pyproject.toml --extra build --extra tables --excludes - -o requirements.lock
	$(LOCK) pyproject.toml --extra build --extra dev --extra documents -c requirements.lock -o requirements-dev.lock
	printf '%s\n' pypdf python-docx trafilatura | $(LOCK) - -c requirements-dev.lock -o requirements-documents.lock
	echo 'neontology>=2.2' | $(LOCK) - -o bench/neontology.lock
	echo 'datasette>=0.65' | $(LOCK) - -o bench/datasette.lock
	printf '%s\n' 'followthemoney>=4.10' pyicu-wheels | $(LOCK) --override bench/icu.txt - -o bench/followthemoney.lock
	printf '%s\n' 'nomenklatura>=4.17' pyicu-wheels | $(LOCK) --override bench/icu.txt - -o bench/nomenklatura.lock

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# Made last is pip: an environment without it was left half made.
$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "Sightlines needs Python 3.11 or newer, and there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Sightlines needs Python 3.11 or newer; this is $$($(PYTHON) -V). Name another: make up PYTHON=python3.12"; exit 1; }
	@echo "Making the environment in $(VENV) …"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

# $(call install,LOCK FILE) says in a sentence what went wrong, and keeps pip's words.
define install
	@echo "Installing (a minute or two) …"
	@$(PIP) --requirement $(1) 2>$(VENV)/install.log || { \
	  if grep -q 'Retrying' $(VENV)/install.log; \
	  then echo "The package index cannot be reached: try again with a network."; \
	  else grep '^ERROR' $(VENV)/install.log | tail -n 3; fi; \
	  echo "Nothing of $(1) is installed; pip's words are in $(VENV)/install.log."; exit 1; }
	@$(OURS)
endef

# The stamps say what is installed: the app alone, or the tools of the tests as well.
$(VENV)/app: requirements.lock pyproject.toml | $(BIN)/pip
	$(call install,requirements.lock)
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml | $(BIN)/pip
	$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/app
