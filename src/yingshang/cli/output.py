"""How every command speaks: one JSON value for programs, plain sentences for people.

Exit 0: done. Exit 1: it ran and the answer is no. Exit 2: bad input, said plainly on standard error.
"""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from yingshang.kernel.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")

json_option = click.option("--json", "as_json", is_flag=True, help="print one JSON value")


def emit(value: Any) -> None:
    """Print one JSON value, Chinese as it is, keys in the order given."""
    click.echo(as_json_text(value, indent=2))


def as_json_text(value: Any, *, indent: int | None = None) -> str:
    """Return JSON that standard output can print: escaped where its encoding has no such character."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent, default=str)
    return text


def bad_input(message: str) -> NoReturn:
    """Say on standard error what is wrong and what to do, and end with exit code 2."""
    click.echo(message, err=True)
    raise SystemExit(2)


def answer_no() -> NoReturn:
    """End with exit code 1: the command ran and the answer is no."""
    raise SystemExit(1)


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a refusal of the domain, or of the database, into exit code 2 with its sentence."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            bad_input(str(error))
        except BrokenPipeError:
            raise
        except OSError as error:
            bad_input(f"无法读写 {error.filename or '文件'}：{error.strerror or error}")
        except _database_errors() as error:
            bad_input(
                f"数据库无法使用（{error}）；请先运行 yingshang run 或 yingshang manage migrate"
            )

    return run


def _database_errors() -> tuple[type[Exception], ...]:
    """Return the framework's error, where the framework has been loaded: many commands do without."""
    loaded = sys.modules.get("django.db.utils")
    return (loaded.DatabaseError,) if loaded else ()
