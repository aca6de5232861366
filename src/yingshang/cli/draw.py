"""``yingshang draw``: a draw by lot from public numbers, for anyone to run again."""

from pathlib import Path

import click

from yingshang.cli.output import bad_input, emit, json_option, plain_errors
from yingshang.kernel.sortition import METHODS, key_of, parse_sources
from yingshang.kernel.sortition import draw as draw_numbers


@click.command()
@click.option(
    "--sources",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="the public numbers, one source a line, numbers separated by blanks",
)
@click.option("--pool", required=True, type=int, metavar="N", help="how many candidates there are")
@click.option("--pick", required=True, type=int, metavar="K", help="how many are drawn")
@click.option(
    "--method",
    type=click.Choice(METHODS.names()),
    default="sm3",
    show_default=True,
    help="how the numbers become picks",
)
@json_option
@plain_errors
def draw(sources: Path, pool: int, pick: int, method: str, as_json: bool) -> None:
    """Draw K of the candidates 1 to N, in the order drawn."""
    key = key_of(parse_sources(_read(sources)))
    picks = draw_numbers(key, pool, pick, method)
    if as_json:
        emit({"key": key, "picks": picks})
    else:
        click.echo(f"{key}\n{' '.join(map(str, picks))}")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError:
        bad_input(f"无法读取文件 {path}")
    except UnicodeDecodeError:
        bad_input(f"文件 {path} 不是 UTF-8 文本")
