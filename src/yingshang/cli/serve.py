"""Serving and management: ``run``, ``demo``, ``manage``."""

import os
import sys

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a management command of the framework."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["yingshang manage", *arguments])


@click.command()
def run() -> None:
    """Serve the platform."""
    sys.exit(2)


@click.command()
def demo() -> None:
    """Serve the demonstration."""
    sys.exit(2)
