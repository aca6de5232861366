"""Building the demonstration: packs first, then every registered builder that has not run yet."""

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yingshang.cli.supervision import load_packs_for

if TYPE_CHECKING:
    from yingshang.parties.demo import DemoBuilder


def build() -> None:
    """Load the made-up district and run the builders that have not run yet."""
    from django.apps import apps
    from django.conf import settings
    from django.utils.module_loading import module_has_submodule

    from yingshang.parties.demo import list_demo_builders

    for config in apps.get_app_configs():
        if config.name.startswith("yingshang.domains.") and module_has_submodule(
            config.module, "demo"
        ):
            importlib.import_module(f"{config.name}.demo")
    load_packs_for("demo-district")
    _run_once(settings.DATA_DIR / "demo-built.json", list_demo_builders())


def _run_once(log: Path, builders: "list[DemoBuilder]") -> None:
    from django.db import transaction

    built: list[str] = json.loads(log.read_text()) if log.exists() else []
    for builder in builders:
        if builder.name in built:
            continue
        with transaction.atomic():
            builder.build()
        built.append(builder.name)
        log.write_text(json.dumps(built))
        click.echo(f"built: {builder.name}")
