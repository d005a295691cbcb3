# Everything a person does with this checkout. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test engines matrix check run bench chaos corpus scan model simulate lock setup

help: ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(READY) ## try the bot in this terminal, in a scratch folder; nothing to configure
	@BOT_CATALOG=catalog.yaml $(BIN)/trilha chat --scratch

test: $(READY) ## run every test, on SQLite and, where the database decides, on PostgreSQL
	$(BIN)/pytest -n auto

engines: $(READY) ## what `make test` plays on SQLite alone, on PostgreSQL (minutes)
	TRILHA_ENGINE=postgresql $(BIN)/pytest -n auto -k "not sqlite and not postgresql" tests/conversations tests/curation tests/operate tests/delivery

matrix: $(READY) ## every command, button and question × every role × every payload (minutes)
	TRILHA_WHOLE_MATRIX=1 $(BIN)/pytest -n auto tests/conversations/test_matrix.py

check: $(READY) ## look at the style, the types and the catalog
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	BOT_CATALOG=catalog.yaml $(BIN)/trilha catalog check

run: $(READY) ## serve the platforms whose tokens are set (see .env.example)
	$(BIN)/trilha run

bench: $(READY) ## measure, side by side with a peer, in one run
	$(BIN)/python -m bench.alarms
	$(BIN)/python -m bench.bench_catalog
	$(BIN)/python -m bench.bench_streak
	$(BIN)/python -m bench.topic_guess
	$(BIN)/python -m bench.bench_delivery
	$(BIN)/python -m bench.bench_claim
	$(BIN)/python -m bench.bench_platforms
	$(BIN)/python -m bench.bench_dose
	$(BIN)/python -m bench.bench_search
	$(BIN)/python -m bench.bench_feeds
	$(BIN)/python -m bench.feed_doses

chaos: $(READY) ## kill it, cut its lines, fill its disk, move its clock, on both engines, and judge what is left (minutes)
	$(BIN)/python -m tests.chaos
	TRILHA_WHOLE=1 $(BIN)/pytest -n 2 tests/chaos/test_mutants.py
	TRILHA_WHOLE=1 $(BIN)/pytest -n 0 tests/store/test_many_writers.py tests/store/test_kills_while_writing.py tests/store/test_migrating_rows.py

corpus: $(READY) ## read somebody else's collection of feeds: make corpus CORPUS=folder
	$(BIN)/python -m tests.feeds.corpus "$(CORPUS)"

scan: $(READY) ## every zone, every date, 2020 to 2035, against a second implementation (minutes)
	$(BIN)/python -m bench.scan_timetable

model: $(READY) ## 100,000 random histories of streaks against a reference (minutes)
	$(BIN)/python -m bench.model_streak

simulate: $(READY) ## live a year with 112 synthetic learners and compare the choice of doses with two baselines (a minute)
	BOT_CATALOG=catalog.yaml $(BIN)/trilha simulate --learners 112 --chart simulation.png

lock: ## pin every dependency again, with hashes and without naming an index
	$(PYTHON) -m venv $(VENV) && $(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra discord pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev --extra discord pyproject.toml -c requirements.lock -o requirements-dev.lock

setup: $(READY) ## make the virtual environment (the other targets do it by themselves)

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
