"""Serving and management: ``run``, ``demo``, ``manage``."""

import os
import shutil
from pathlib import Path

import click

from yingshang.cli.demonstration import build_in
from yingshang.cli.supervision import claim_port, load_packs_for, prepare, serve

SETTINGS = "yingshang.settings"
MARK = "this-is-a-demonstration"
"""A file that tells a demonstration's folder, which may be thrown away, from real data."""


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a management command of the framework."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["yingshang manage", *arguments])


_port = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
_host = click.option("--host", default="127.0.0.1", show_default=True)
_threads = click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))


@click.command()
@_port
@_host
@_threads
@click.option("--no-worker", is_flag=True, help="serve pages only; a worker runs elsewhere")
def run(port: int, host: str, threads: int, no_worker: bool) -> None:
    """Serve the platform: pages, background work and periodic jobs, until Ctrl-C."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    bound = claim_port(host, port)
    prepare()
    load_packs_for()
    _say_where(host, port)
    serve(bound, threads=threads, with_worker=not no_worker)


@click.command()
@_port
@_host
@_threads
@click.option("--data", type=click.Path(path_type=Path), help="its own folder [default: var/demo]")
@click.option("--reset", is_flag=True, help="throw the old demonstration away first")
@click.option("--build-only", is_flag=True, help="make the data and stop")
def demo(
    port: int, host: str, threads: int, data: Path | None, reset: bool, build_only: bool
) -> None:
    """Serve a made-up district with an account for each role, on data of its own."""
    folder = _demo_folder(data)
    bound = None if build_only else claim_port(host, port)
    if reset:
        shutil.rmtree(folder, ignore_errors=True)
    _mark(folder)
    os.environ.update(
        YINGSHANG_DATA_DIR=str(folder),
        YINGSHANG_DEMO="1",
        YINGSHANG_DISTRICT="云州市清江区",
        YINGSHANG_DISTRICT_EN="Qingjiang District, Yunzhou",
        DJANGO_SETTINGS_MODULE=SETTINGS,
    )
    os.environ.setdefault("YINGSHANG_DISTRICT", "清江区")
    os.environ.setdefault("YINGSHANG_DISTRICT_EN", "Qingjiang District")
    os.environ.pop("YINGSHANG_DATABASE_URL", None)
    prepare()
    from yingshang.ledger.sequencing import sequence_now

    build_in(folder)
    sequence_now()
    if bound:
        _say_where(host, port)
        serve(bound, threads=threads, with_worker=True)


def _demo_folder(given: Path | None) -> Path:
    """Return the demonstration's folder; refuses one that holds anything else."""
    folder = (given or Path(__file__).resolve().parents[3] / "var" / "demo").resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise click.UsageError(f"{folder} holds something else; choose an empty folder")
    return folder


def _mark(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()


def _say_where(host: str, port: int) -> None:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    click.echo(f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/  (Ctrl-C ends it)")
