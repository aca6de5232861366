"""Building the demonstration: packs first, then every registered builder that has not run yet."""

import importlib
import json
from collections.abc import Collection, Iterator
from pathlib import Path

import click

from yingshang.cli.supervision import load_packs_for


def build_in(folder: Path) -> None:
    """Build what is missing in a demonstration's folder, which remembers what has been built."""
    log = folder / "demo-built.json"
    built: list[str] = json.loads(log.read_text()) if log.exists() else []
    for name in build(tuple(built), later=True):
        if name not in built:
            built.append(name)
            log.write_text(json.dumps(built))
            click.echo(f"built: {name}")


def build(but: Collection[str] = (), *, later: bool = False) -> Iterator[str]:
    """Load the made-up district, run every builder but these in order, and yield each one's name after it.

    Those that only ask the worker for something run where ``later`` says so.
    """
    from django.db import transaction

    from yingshang.parties.demo import list_demo_builders

    import_builders()
    load_packs_for("demo-policies")
    for builder in list_demo_builders():
        if (builder.always or builder.name not in but) and (later or not builder.later):
            with transaction.atomic():
                builder.build()
            yield builder.name


def import_builders() -> None:
    from django.apps import apps
    from django.utils.module_loading import module_has_submodule

    for config in apps.get_app_configs():
        ours = config.name.startswith("yingshang.") and config.module
        if ours and module_has_submodule(config.module, "demo"):
            importlib.import_module(f"{config.name}.demo")
