"""Made-up enterprises: the same for a seed, plausible, incomplete, and nobody real."""

from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest

from yingshang.facts.catalogue import read_catalogue_of
from yingshang.facts.generating import generate
from yingshang.facts.generating.writing import related_cells, write_files
from yingshang.facts.grid_derivations import derive_all
from yingshang.facts.grids import to_table
from yingshang.kernel.identifiers import CodeKind, check_code

pytestmark = pytest.mark.one_database
DAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def catalogue():
    return read_catalogue_of("enterprise-facts")


@pytest.fixture(scope="module")
def grid(catalogue):
    made = generate(3_000, seed=5, as_of=DAY, division="339705")
    derive_all(made, catalogue, catalogue.columns_of("enterprise"))
    return made


def values(grid, key):
    cells = grid.scalars[f"enterprise.{key}"]
    return np.where(cells.known, cells.values.astype(float), np.nan)


def test_the_same_seed_makes_the_same_district(grid, catalogue):
    again = generate(3_000, seed=5, as_of=DAY, division="339705")
    derive_all(again, catalogue, catalogue.columns_of("enterprise"))
    columns = catalogue.columns_of("enterprise")
    assert to_table(again, columns).equals(to_table(grid, columns))
    other = generate(3_000, seed=6, as_of=DAY, division="339705")
    assert list(other.subjects) != list(grid.subjects)


def test_codes_and_names_are_distinct_and_codes_pass_their_checks(grid):
    assert len(set(grid.subjects)) == len(set(grid.scalars["enterprise.name"].values)) == 3_000
    checks = [check_code(code) for code in grid.subjects[::100]]
    assert {(check.kind, check.valid) for check in checks} == {(CodeKind.SOCIAL_CREDIT, True)}
    assert all(code[2:8] == "339705" for code in grid.subjects)


def test_every_value_is_of_the_catalogue(grid, catalogue):
    for key, cells in grid.scalars.items():
        assert key in catalogue.columns
        codes = catalogue.columns[key].code_list
        if codes and codes != "division":
            assert set(cells.values[cells.known]) <= set(catalogue.codes[codes].by_code), key
    for key, records in grid.records.items():
        assert set(records.fields) <= set(catalogue.types[key].field_by_key)


def test_size_revenue_staff_and_tax_hang_together(grid):
    staff, revenue, tax = (
        np.log(values(grid, key)) for key in ("insured_staff", "revenue_last_year", "tax_last_year")
    )
    there = np.isfinite(staff) & np.isfinite(revenue) & np.isfinite(tax)
    assert np.corrcoef(staff[there], revenue[there])[0, 1] > 0.6
    assert np.corrcoef(revenue[there], tax[there])[0, 1] > 0.8
    sizes = grid.scalars["enterprise.size"]
    share = np.mean(np.isin(sizes.values[sizes.known], ["micro", "small"]))
    assert 0.85 < share < 0.99


def test_small_firms_are_known_less_and_on_their_own_word(grid):
    above = grid.scalars["enterprise.above_scale"].values
    research = grid.scalars["enterprise.rd_ratio"]
    assert research.known[above].mean() > 0.9
    assert research.known[~above].mean() < 0.5
    assert set(research.heights[research.known & above]) == {3}
    assert set(research.heights[research.known & ~above]) == {0}


def test_every_firm_has_one_head_and_relations_hang_together(grid):
    bonds, born = grid.bonds, grid.scalars["enterprise.founded_on"].values.astype(object)
    heads = bonds.present("legal_representative", DAY)
    assert sorted(bonds.rows[place] for place in heads) == list(range(len(grid)))
    assert all(check_code(bonds.codes[place]).kind is CodeKind.RESIDENT for place in heads[::50])
    assert all(check_code(bonds.codes[place]).valid for place in heads[::50])
    for place, row in enumerate(bonds.rows):
        until = bonds.until[place]
        assert born[row] <= bonds.since[place] <= DAY
        assert until is None or bonds.since[place] <= until < DAY
    codes = {code: row for row, code in enumerate(grid.subjects)}
    for place in bonds.present("parent", DAY):
        assert born[codes[bonds.codes[place]]] < born[bonds.rows[place]]
    shared = len(heads) - len({bonds.codes[place] for place in heads})
    assert 0 < shared < len(grid) / 4
    staff = values(grid, "employees")
    branched = sorted({bonds.rows[place] for place in bonds.present("branch", DAY)})
    assert np.nanmedian(staff[branched]) > 3 * np.nanmedian(staff)


def test_bad_heads_keep_company_with_bad_firms(catalogue):
    made = generate(20_000, seed=5, as_of=DAY, division="339705")
    honest = related_cells(made, catalogue.derivations["enterprise.legal_representative_honest"])
    firm = made.scalars["enterprise.dishonest_debtor"]
    listed = firm.known & firm.values.astype(bool)
    assert honest.known.all()
    assert (~honest.values[listed]).mean() > 0.2 > 0.03 > (~honest.values[~listed]).mean()
    branches = related_cells(made, catalogue.derivations["enterprise.branches"])
    assert branches.values.sum() == len(made.bonds.present("branch", DAY))


def test_what_a_firm_does_fits_its_trade_and_nobody_has_its_telephone(grid):
    sections = grid.scalars["enterprise.industry"].values
    scopes = grid.scalars["enterprise.business_scope"].values
    for code, scope in zip(sections[:300], scopes[:300], strict=True):
        assert ("生产和销售" in scope) == code.startswith("C")
    phones = grid.scalars["enterprise.contact_phone"]
    assert 0.7 < phones.known.mean() < 0.9
    assert all(len(one) == 11 and one.startswith("100") for one in phones.values)


def test_values_in_files_are_true_since_some_day_of_the_firm(catalogue, tmp_path):
    made = generate(300, seed=5, as_of=DAY, division="339705")
    write_files(made, catalogue, tmp_path)
    born = dict(zip(made.subjects, made.scalars["enterprise.founded_on"].values, strict=True))
    tax = pq.read_table(tmp_path / "tax.parquet")
    days = dict(zip(tax["subject"].to_pylist(), tax["valid_from"].to_pylist(), strict=True))
    assert all(np.datetime64(born[code]) <= np.datetime64(day) for code, day in days.items())
    assert max(days.values()) <= DAY
    assert len(set(days.values())) > 100
    series = pq.read_table(tmp_path / "tax.series.parquet")
    assert "valid_from" not in series.column_names
    assert all(":" in name for name in series.column_names if name != "subject")
