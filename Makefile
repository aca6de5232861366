# Every target does its own set-up. PYTHON may name another interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.setup-stamp
export PYTHONPATH := src
export PYTHONUTF8 := 1
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup messages fast demo run test check format bench hostile histories api-fuzz spark-test clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) messages ## make the virtual environment and install what is pinned

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say: make PYTHON=python3.12 ..." >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.9 || true
	if $(BIN)/python -m uv --version >/dev/null 2>&1; then VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/python -m uv pip sync -q --require-hashes requirements.lock; \
	else $(BIN)/python -m pip install -q --require-hashes -r requirements.lock; fi
	$(BIN)/python tools/link_package.py
	touch $(STAMP)

messages: $(STAMP)
	@$(BIN)/python tools/compile_messages.py

demo: setup ## a made-up district, served at http://127.0.0.1:8000/ with an account for each role
	$(BIN)/yingshang demo

run: setup ## the platform on its own data
	$(BIN)/yingshang run

test: setup ## the whole suite: SQLite, PostgreSQL and the browser, as far as they are there
	$(BIN)/python tools/run_tests.py

check: setup ## lint, types, import directions
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/ruff format --check src tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

hostile: setup ## every hostile value in every field of every page (the everyday test deals them out)
	YINGSHANG_EVERY_VALUE=1 $(BIN)/python -m pytest -q -p no:cacheprovider tests/test_hostile_requests.py

histories: setup ## clocks against a day-by-day counter on 100,000 random histories (the everyday test takes 3,000)
	YINGSHANG_HISTORIES=100000 $(BIN)/python -m pytest -q -p no:cacheprovider src/yingshang/cases/tests/test_counter.py

api-fuzz: setup ## the interface against made-up requests, many more than the everyday test sends
	YINGSHANG_API_EXAMPLES=40 $(BIN)/python -m pytest -q -p no:cacheprovider src/yingshang/api/tests/test_fuzzing.py

format: setup ## let ruff put the code in order
	$(BIN)/ruff check --fix src tests tools benchmarks
	$(BIN)/ruff format src tests tools benchmarks

bench: setup ## the measured figures, as ratios in one run
	$(BIN)/python -m benchmarks

fast: setup ## add the compiled matching kernel (numba, about 200 MB)
	$(BIN)/python -m pip install -q --disable-pip-version-check numba==0.68.1

spark-test: setup ## match on Apache Spark too (adds pyspark, about 450 MB; needs Java 17)
	$(BIN)/python -m pip install -q --disable-pip-version-check pyspark==4.3.0
	$(BIN)/python -m pytest -q -p no:cacheprovider -m spark src/yingshang/rules/tests

clean: ## remove everything that can be made again
	rm -rf $(VENV) build var .mypy_cache .ruff_cache .pytest_cache
