#!/usr/bin/env bash
# A quick look before a change joins main: lint, the framework's own checks, missing migrations.
set -e
cd "$(dirname "$0")/.."
export PYTHONPATH=src YINGSHANG_TESTING=1
.venv/bin/ruff check -q src tests tools
.venv/bin/python tools/compile_messages.py
.venv/bin/python -m yingshang manage check >/dev/null
.venv/bin/python -m yingshang manage makemigrations --check --dry-run >/dev/null || { echo "models without a migration: yingshang manage makemigrations"; exit 1; }
.venv/bin/lint-imports --no-cache >/dev/null || { .venv/bin/lint-imports; exit 1; }
