"""Every text that a person may see is Chinese in the source and has its English in a catalogue."""

import ast
import re
from pathlib import Path

import pytest

from tools import update_messages
from tools.update_messages import SOURCE, Catalog, catalogue_path, collect, packages, untranslated

EVERYTHING = packages()
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")
TRANSLATED = re.compile(
    r"{%\s*comment\b.*?{%\s*endcomment\s*%}"
    r"|{#.*?#}"
    r"|{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*trans(?:late)?\s+(?:\"[^\"]*\"|'[^']*').*?%}"
    r"|_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)
FACES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if not {"tests", "kernel", "rules", "parsing"} & set(path.parts)  # these know no framework
    and (
        path.name in {"portal.py", "desk.py", "pages.py", "forms.py", "errors.py"}
        or {"portal", "desk"} & set(path.relative_to(SOURCE).parts[:-1])
    )
]
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix() or "yingshang"


@pytest.fixture(scope="module")
def catalogues() -> dict[Path, Catalog]:
    return {package: collect(package, EVERYTHING) for package in EVERYTHING}


@pytest.mark.parametrize("package", EVERYTHING, ids=name)
def test_every_text_has_its_english(package: Path, catalogues: dict[Path, Catalog]) -> None:
    missing = untranslated(catalogues[package])
    assert not missing, (
        f"run `python tools/update_messages.py` and translate in {catalogue_path(package)}:\n"
        + "\n".join(missing)
    )


@pytest.mark.parametrize("package", EVERYTHING, ids=name)
def test_english_has_the_same_places_to_fill(
    package: Path, catalogues: dict[Path, Catalog]
) -> None:
    for message in catalogues[package]:
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = (
            [message.string] if isinstance(message.string, str) else list(message.string or ())
        )
        for original in originals:
            for string in filter(None, strings):
                assert set(PLACEHOLDER.findall(original)) == set(PLACEHOLDER.findall(string)), (
                    f"{original!r} and {string!r} have different places to fill"
                )


def test_one_text_has_one_english_in_all_packages(catalogues: dict[Path, Catalog]) -> None:
    known: dict[tuple[str, str | None], tuple[str, Path]] = {}
    for package, catalogue in catalogues.items():
        for message in catalogue:
            if not isinstance(message.id, str) or not message.id or not message.string:
                continue
            said, where = known.setdefault(
                (message.id, message.context), (str(message.string), package)
            )
            assert said == message.string, (
                f"{message.id!r} is {said!r} in {name(where)} and {message.string!r} in "
                f"{name(package)}; catalogues are merged, so use pgettext where both are meant"
            )


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_has_no_text_outside_translation(template: Path) -> None:
    bare = TRANSLATED.sub("", template.read_text(encoding="utf-8"))
    lines = [line.strip() for line in bare.splitlines() if CHINESE.search(line)]
    assert not lines, f"put into {{% translate %}}: {lines}"


@pytest.mark.parametrize("module", FACES, ids=name)
def test_a_face_has_no_text_outside_gettext(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    harmless = {id(node) for node in allowed(tree)}
    bare = [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value)
        and id(node) not in harmless
    ]
    assert not bare, f"wrap in gettext: {bare}"


def allowed(tree: ast.AST):
    """Yield the constants that need no translation or have it: docstrings, arguments of gettext.

    An error's ``message`` is collected and translated when a face shows it.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "message":
            yield node.value
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            if called in update_messages.KEYWORDS:
                yield from node.args


def test_the_collector_reads_python_and_templates(tmp_path: Path) -> None:
    package = tmp_path / "pack"
    (package / "templates").mkdir(parents=True)
    (package / "pages.py").write_text(
        'from x import gettext as _\nA = _("甲")\nclass E:\n    message = "丙%(n)s"\n',
        encoding="utf-8",
    )
    (package / "templates" / "a.html").write_text(
        '{% translate "乙" %}{% panel _("丁") %}{% blocktranslate %}有 {{ n }} 项{% endblocktranslate %}',
        encoding="utf-8",
    )
    found = {m.id for m in collect(package, [package]) if m.id}
    assert found == {"甲", "乙", "丙%(n)s", "丁", "有 %(n)s 项"}
