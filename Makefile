# What can be done here. Each target sets up what it needs, in .venv.
PYTHON ?= python3
BIN    := .venv/bin
TWINS  := $(wildcard cleaner/*/_*.c) # what is compiled when the package is installed

.PHONY: demo check lint types floors test test-jobs test-rest golden docs clean

demo: .venv/runs ## clean the fixture corpus and show what was done
	rm -rf out
	$(BIN)/cleaner run fixtures/corpus -o out
	$(BIN)/cleaner explain out --doc hh-001
	@echo; echo "The documents are in out/documents, the report is out/report.html."

check: lint types floors test ## all of the below: what must hold before a change goes in

lint: .venv/checks
	$(BIN)/ruff check .

types: .venv/checks
	$(BIN)/mypy

floors: .venv/checks ## imports run downstairs only
	$(BIN)/lint-imports

test: .venv/checks ## in two halves at a time: what they say comes when they are through
	@$(MAKE) --no-print-directory --jobs=2 --keep-going $(if $(filter 3.%,$(MAKE_VERSION)),,--output-sync) test-jobs test-rest

test-jobs: .venv/checks ## whole jobs: with workers that die, disks that fail, buckets, signals
	$(BIN)/pytest tests/job

test-rest: .venv/checks
	$(BIN)/pytest --ignore=tests/job

golden: .venv/checks ## write down what the articles in fixtures/ have come to; read the difference before you commit it
	CLEANER_GOLDEN=write $(BIN)/pytest tests/test_articles.py

docs: .venv/checks ## build the documentation site into site/
	$(BIN)/mkdocs build --quiet

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runs: .venv/bin/python pyproject.toml $(TWINS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/checks: .venv/bin/python pyproject.toml $(TWINS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv out build site *.egg-info
