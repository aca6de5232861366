"""The easy version of the pages of tasks, which the real ones are held against.

What is written first in Django: every task that the actor may see as an object with what belongs to it,
counted and sorted in Python, shown by a template over the objects, exported with one openpyxl cell per
value. It shows the same rows and counts, and has no session, no navigation and no frame to render.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from io import BytesIO
from typing import Any

LIST = """<table>{% for t in page %}<tr><td>{{ t.measure.current.number }}. {{ t.case.title }}</td>
<td>{{ t.case.holder }} {{ t.get_role_display }}</td><td>{{ t.due_on|date:"Y-m-d" }}</td><td>{{ t.bucket }}</td>
<td>{{ t.case.state }}</td><td>{{ t.percent }}%</td></tr>{% endfor %}</table>{{ page.paginator.count }}"""
BOARD = """<table>{% for line in lines %}<tr><th>{{ line.name }}</th>{% for n in line.counts %}<td>
{% if n %}<a href="?organ={{ line.name }}">{{ n }}</a>{% endif %}</td>{% endfor %}</tr>{% endfor %}</table>"""
TIMELINE = """<table>{% for row in rows %}<tr><th>{{ row.number }}. {{ row.title }}</th><td>{{ row.worst }}</td>
{% for month in months %}<td class="{% if month < row.begins %}{% elif month < row.due %}run
{% elif month == row.due %}due{% endif %}">{% if month == row.due %}due{% endif %}</td>{% endfor %}</tr>
{% endfor %}</table>"""


def easy_pages(actor: Any) -> dict[str, Callable[[], object]]:
    """Return the easy version of each page that has one, by the name of the page."""
    return {
        "list": lambda: _list(actor),
        "board by organ": lambda: _board(actor, lambda task: str(task.case.holder)),
        "board by chapter": lambda: _board(actor, lambda task: task.measure.current.chapter),
        "board by month": lambda: _board(actor, lambda task: task.due_on.strftime("%Y-%m")),
        "timeline": lambda: _timeline(actor),
        "export": lambda: _export(actor),
    }


def _tasks(actor: Any) -> list[Any]:
    from yingshang.domains.plans.selectors.tasks import visible_tasks
    from yingshang.domains.plans.showing import bucket_of

    joined = ("case__holder", "measure__current", "measure__document")
    found = visible_tasks(actor).select_related(*joined).prefetch_related("sub_actions")
    tasks = list(found)
    for task in tasks:
        task.bucket = str(bucket_of(task.case).word)
    return tasks


def _percent(task: Any) -> int:
    steps = list(task.sub_actions.all())
    done = sum(step.weight for step in steps if step.confirmed_in_id)
    return 100 * done // sum(step.weight for step in steps) if steps else 0


def _render(source: str, context: dict[str, Any]) -> str:
    from django.template import Context, engines

    return str(engines["django"].from_string(source).template.render(Context(context)))


def _list(actor: Any) -> str:
    from django.core.paginator import Paginator

    tasks = sorted(_tasks(actor), key=lambda task: (task.due_on, task.pk))
    page = Paginator(tasks, 50).page(1)
    for task in page:
        task.percent = _percent(task)
    return _render(LIST, {"page": page})


def _board(actor: Any, key: Callable[[Any], str]) -> str:
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    for task in _tasks(actor):
        lines[key(task)][task.bucket] += 1
    words = sorted({word for line in lines.values() for word in line})
    shown = [{"name": name, "counts": [line[w] for w in words]} for name, line in lines.items()]
    return _render(BOARD, {"lines": shown})


def _timeline(actor: Any) -> str:
    measures: dict[Any, list[Any]] = defaultdict(list)
    for task in _tasks(actor):
        measures[task.measure.current].append(task)
    rows = [
        {
            "number": wording.number,
            "title": wording.title or wording.text[:40],
            "worst": min(task.bucket for task in own),
            "begins": min(task.case.opened_at for task in own).strftime("%Y-%m"),
            "due": min(task.due_on for task in own).strftime("%Y-%m"),
        }
        for wording, own in measures.items()
    ]
    months = sorted({row[name] for row in rows for name in ("begins", "due")})
    return _render(TIMELINE, {"rows": rows, "months": months})


def _export(actor: Any) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    book = Workbook(write_only=True)
    sheet = book.create_sheet("tasks")
    for task in sorted(_tasks(actor), key=lambda task: (task.due_on, task.pk)):
        wording = task.measure.current
        values = [
            task.measure.document.title, wording.number, wording.chapter, wording.text,
            str(task.case.holder), task.get_role_display(), task.get_sort_display(), task.due_on,
            task.bucket, task.case.state, _percent(task), task.case.data.get("responsible", ""),
        ]  # fmt: skip
        cells = [WriteOnlyCell(sheet, value) for value in values]
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
