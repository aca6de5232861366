"""What stands around a load: whose file it is, and the enterprises that it is the first to name."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from yingshang.facts.actions.loading import demand_may_load
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.loading_cells import CellUnfit, is_blank, read_date, read_subject
from yingshang.facts.loading_columns import ColumnsUnfit, read_layout, sources_of
from yingshang.facts.loading_files import open_table
from yingshang.parties.actions.registering import NewEnterprise, register_enterprises
from yingshang.parties.actors import Actor

REGISTER = "registration"
"""How the files of the register begin: they are loaded first."""
NAME, DIVISION, FOUNDED = "enterprise.name", "enterprise.division", "enterprise.founded_on"


def source_of(keys: Sequence[str], catalogue: Catalogue) -> str:
    """Return the one source that is authoritative for all of these facts; raises ``ColumnsUnfit``."""
    sources = sources_of({key: catalogue.types[key] for key in keys})
    if len(sources) != 1:
        labels = "、".join(f"{catalogue.sources[one].label}（{one}）" for one in sources)
        raise ColumnsUnfit(params={"why": f"各列属于不同来源：{labels}。请分开导入，或写明来源"})
    return sources[0]


def register_subjects_of(actor: Actor, file: Path, *, source: str, grade: str) -> int:
    """Enter the enterprises that a file of the register names first; return how many were entered.

    Nobody is entered where the file could not be loaded: it cannot be read to its end, or the actor may
    not load its facts for the source (the one that is authoritative for all of them, where none is said).

    The file needs the columns 企业名称 and 登记地行政区划. Rows whose code is wrong are left to the load,
    which tells of them. Raises as reading the file and registering do.
    """
    with open_table(file) as table:
        catalogue = current_catalogue()
        layout = read_layout(table.header, catalogue)
        keys = list(layout.types)
        source = source or source_of(keys, catalogue)
        demand_may_load(actor, catalogue, keys, source=source, grade=grade)
        places = {column.declared.key: column.place for column in layout.values}
        if NAME not in places or DIVISION not in places:
            raise ColumnsUnfit(params={"why": "登记新企业需要“企业名称”和“登记地行政区划”两列"})
        rows = [_enterprise(cells, layout.subject, places) for _number, cells in table.rows()]
    return register_enterprises(actor, enterprises=[row for row in rows if row is not None])


def _enterprise(cells: Sequence[Any], subject: int, places: dict[str, int]) -> NewEnterprise | None:
    try:
        code = read_subject(cells[subject])
        founded = cells[places[FOUNDED]] if FOUNDED in places else None
        since = None if is_blank(founded) else date.fromisoformat(read_date(founded))
    except (CellUnfit, IndexError):
        return None
    name, division = cells[places[NAME]], cells[places[DIVISION]]
    if is_blank(name) or is_blank(division):
        return None
    return NewEnterprise(code, str(name), str(division).strip(), since)
