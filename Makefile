# `make help` lists what there is. Every target sets up .venv by itself, from
# requirements.lock, whose hashes pip checks.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# A variable of the caller's that changes what Python imports would change the
# tests; one that keeps it from writing bytecode makes every start several times slower.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONDONTWRITEBYTECODE PYTHONWARNINGS
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK := requirements.lock
BENCH_LOCK := requirements-bench.lock
HUB_LOCK := requirements-hub.lock
OLDEST_LOCK := requirements-oldest.lock

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

# Names of assignments, or `all`.
SETS ?= ps2
.PHONY: demo
demo: $(READY) ## grade a small class through nbgrader and print its gradebook (SETS=all: in all sets)
	$(BIN)/jaxercise demo $(if $(filter all,$(SETS)),--all,--assignments $(SETS))

# Where the hub of `make hub` answers, on 127.0.0.1.
PORT ?= 8000
.PHONY: hub
hub: $(READY) ## a demonstration course on a JupyterHub of its own, until Ctrl-C (PORT=8000)
	@exec $(BIN)/jaxercise hub demo --port $(PORT) --assignments $(if $(filter all,$(SETS)),\
	  $(basename $(notdir $(wildcard lessons/*.md))),$(SETS))

.PHONY: check fast-tests
check: $(READY) ## while you work: style, types and the fast tests
	$(MAKE) --no-print-directory --jobs=2 --output-sync types style fast-tests

fast-tests: $(READY)
	$(BIN)/python -m pytest -m "not slow" --quiet --numprocesses=2 --dist=loadfile --no-loadscope-reorder

.PHONY: test
test: $(READY) ## run every check: style, types, documentation, oldest versions, tests, known solutions
	$(MAKE) --no-print-directory --jobs=2 --output-sync types style docs test-oldest
	$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile \
	  --no-loadscope-reorder
	$(BIN)/jaxercise prove

.PHONY: style types
style: $(READY) ## only style, the borders between packages, and whether the built notebooks are fresh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/jaxercise build --check

types: $(READY) ## only types
	$(BIN)/pyright --pythonpath $(BIN)/python

.PHONY: docs
docs: $(READY) ## build the documentation site in build/docs; warnings are errors
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet --builder html docs build/docs

# Seconds that each fuzzer gets; the property tests try twenty times as many examples.
SECONDS_EACH ?= 300
.PHONY: fuzz
fuzz: $(READY) ## look for input that breaks the wire or the repair of notebooks, for minutes
	FUZZ_SECONDS=$(SECONDS_EACH) $(BIN)/python -m pytest tests/redteam/test_fuzz.py

.PHONY: redteam-table
redteam-table: $(READY) ## run attacks, limits, damages and faults; write the table in docs/security.md
	$(BIN)/python -m pytest tests/redteam --write-table=all

.PHONY: redteam-as-user
redteam-as-user: $(READY) ## run the same cases as an ordinary user, also where you are root
	$(BIN)/python -m tests.ordinary $(BIN)/python -m pytest tests/redteam -p no:cacheprovider

.PHONY: pictures
pictures: $(READY) ## renew the pictures of a hub's pages in docs/ (needs Chromium)
	$(BIN)/python -m pytest tests/test_hub_walk.py --pictures build/pictures
	cd docs && for picture in hub_*.png; do cp "../build/pictures/$$picture" .; done

# What a student installs today, with other versions where JAX=0.8.0 or IPYTHON=7.34.0 is given, and with
# a default device that is not the first CPU where DEVICE=accelerator is.
.PHONY: test-students
test-students: ## run the notebooks with only what a student installs (JAX=VERSION, IPYTHON=VERSION, DEVICE=accelerator)
	@$(find_python); "$$python" -m venv --clear build/students
	@python=build/students/bin/python; [ -e "$$python" ] || python=build/students/Scripts/python.exe; \
	"$$python" -m pip install --quiet . $(if $(JAX),jax==$(JAX)) \
	  $(if $(IPYTHON),ipython==$(IPYTHON)); \
	"$$python" -m tests.students $(if $(filter accelerator,$(DEVICE)),--accelerator)

# Each dependency of a student's at the least version that pyproject.toml allows; for newer Pythons
# not all of those have wheels.
OLDEST := build/oldest
.PHONY: test-oldest
test-oldest: ## run the notebooks with the oldest versions that a student may have (needs Python 3.11 or 3.12)
	@for candidate in $(PYTHON) python3 python3.12 python3.11; do \
	  if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' \
	    2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$${python:-}" ]; then \
	  echo "make test-oldest: skipped. The oldest versions have wheels for Python 3.11 and 3.12 only;"; \
	  echo "install one of these beside the Python that is here, and run it again."; \
	  exit 0; \
	fi; \
	if ! cmp --quiet $(OLDEST_LOCK) $(OLDEST)/installed.lock; then \
	  "$$python" -m venv --clear $(OLDEST); \
	  $(OLDEST)/bin/python -m pip install --quiet --no-compile --require-hashes --only-binary :all: \
	    -r $(OLDEST_LOCK); \
	  $(OLDEST)/bin/python -m compileall -qq -j 0 $(OLDEST)/lib || true; \
	  cp $(OLDEST_LOCK) $(OLDEST)/installed.lock; \
	fi; \
	$(OLDEST)/bin/python -m tests.students

.PHONY: bench
bench: $(READY) ## time the two texts' experiments and the option pricer (ten minutes, a quiet machine)
	$(BIN)/python -m pip install --quiet --require-hashes -r $(BENCH_LOCK)
	$(BIN)/python benchmarks/experiments.py
	$(BIN)/python benchmarks/pricer_study.py

.PHONY: verdict
verdict: $(READY) ## measure how often the verdict on speed errs (two to three hours, a quiet machine)
	$(BIN)/python benchmarks/speed_verdict.py record
	$(BIN)/python benchmarks/speed_verdict.py real
	$(BIN)/python benchmarks/speed_verdict.py grade --only ps2/ema
	$(BIN)/python benchmarks/speed_verdict.py report

.PHONY: bench-grading
bench-grading: $(READY) ## measure what grading costs, beside stock nbgrader and otter-grader (40 minutes, a quiet machine; goes on where it was stopped)
	$(BIN)/python -m pip install --quiet --require-hashes -r $(BENCH_LOCK)
	$(BIN)/python benchmarks/grading_bench.py

.PHONY: build
build: $(READY) ## build source/ and release/ from lessons/ and reference/
	$(BIN)/jaxercise build

.PHONY: venv
venv: $(READY) ## only set up .venv

.PHONY: lock
lock: ## renew requirements.lock and those made from it (needs uv)
	@command -v uv >/dev/null || { echo "make lock: uv is not on PATH; install it first" >&2; exit 1; }
	UV_CUSTOM_COMPILE_COMMAND='make lock' uv pip compile --quiet --universal --fork-strategy fewest --upgrade \
	  --python-version 3.11 --generate-hashes --no-strip-extras --extra lab --extra grader --extra dev \
	  --no-emit-index-url --no-emit-find-links --output-file $(LOCK) pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND='make lock' uv pip compile --quiet --universal --fork-strategy fewest --upgrade \
	  --python-version 3.11 --generate-hashes --no-strip-extras --extra bench --constraint $(LOCK) \
	  --no-emit-index-url --no-emit-find-links --output-file $(BENCH_LOCK) pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND='make lock' uv pip compile --quiet --universal --fork-strategy fewest --upgrade \
	  --python-version 3.11 --generate-hashes --no-strip-extras --extra lab --extra grader --extra hub \
	  --constraint $(LOCK) --no-emit-index-url --no-emit-find-links --output-file $(HUB_LOCK) pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND='make lock (for Python 3.11 and 3.12: the oldest versions that a student may have)' \
	  uv pip compile --quiet --universal --fork-strategy fewest --upgrade --resolution lowest-direct \
	  --python-version 3.11 --generate-hashes --no-strip-extras \
	  --no-emit-index-url --no-emit-find-links --output-file $(OLDEST_LOCK) pyproject.toml

.PHONY: clean
clean: ## remove .venv, the demo and what tools cached
	rm -rf $(VENV) demo build dist .jaxercise .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first interpreter that is new enough; PYTHON=... on the command line names another.
define find_python
for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
    python=$$candidate; break; \
  fi; \
done; \
if [ -z "$${python:-}" ]; then \
  echo "jaxercise needs Python 3.11 or newer, and none of python3, python3.14 ... python3.11 is" >&2; \
  echo "one. Install it (Debian, Ubuntu: apt-get install python3 python3-venv), or: make PYTHON=/path/to/python" >&2; \
  exit 1; \
fi; \
if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
  echo "$$python cannot make virtual environments. Debian, Ubuntu: apt-get install python3-venv" >&2; \
  exit 1; \
fi
endef

# --no-build-isolation: hatchling comes from the lock too, so nothing unpinned is fetched.
$(READY): $(LOCK) pyproject.toml
	@$(find_python); \
	echo "Setting up $(VENV) with $$("$$python" --version) (once; the packages are about 1 GB)"; \
	rm -rf $(VENV); \
	"$$python" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@# Without bytecode, importing JAX takes several times as long; pip would compile on one
	@# processor. Some packages ship templates that are not Python and do not compile.
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@
