"""The command ``yingshang``: a face that only assembles; each group loads when it is called."""

import importlib
from typing import NoReturn

import click

from yingshang import __version__

COMMANDS = {
    "plan": "yingshang.cli.plan:plan",
    "policy": "yingshang.cli.policy:policy",
    "workdays": "yingshang.cli.workdays:workdays",
    "code": "yingshang.cli.code:code",
    "draw": "yingshang.cli.draw:draw",
    "rules": "yingshang.cli.rules:rules",
    "match": "yingshang.cli.match:match",
    "checkup": "yingshang.cli.checkup:checkup",
    "facts": "yingshang.cli.facts:facts",
    "ledger": "yingshang.cli.ledger:ledger",
    "content": "yingshang.cli.content:content",
    "cases": "yingshang.cli.cases:cases",
    "rehearse": "yingshang.cli.content:rehearse",
    "licence": "yingshang.cli.licence:licence",
    "account": "yingshang.cli.account:account",
    "jobs": "yingshang.cli.jobs:jobs",
    "run": "yingshang.cli.serve:run",
    "demo": "yingshang.cli.serve:demo",
    "manage": "yingshang.cli.serve:manage",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are named, so that small commands start at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, attribute = target.split(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__version__, prog_name="yingshang")
def cli() -> None:
    """营商: plans, rules, draws and proofs from the command line."""


def main() -> NoReturn:
    """Run the command and exit; used by the script and by ``python -m yingshang``."""
    cli.main(prog_name="yingshang", standalone_mode=True)
