"""A small catalogue that uses every shape, grade, absence and operator."""

from textwrap import dedent
from typing import Any

from yingshang.content.yaml import read_documents
from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import (
    CodeListDeclaration,
    DerivationDeclaration,
    FactSourceDeclaration,
    FactTypeDeclaration,
    SourceOwnerDeclaration,
)
from yingshang.kernel.kinds import Declaration

MODELS: dict[str, type[Declaration]] = {
    "code_list": CodeListDeclaration,
    "fact_source": FactSourceDeclaration,
    "source_owner": SourceOwnerDeclaration,
    "fact_type": FactTypeDeclaration,
    "derivation": DerivationDeclaration,
}

TRIAL = {
    "code_list": """\
        key: trade
        label: 行业
        label_en: Trade
        source: GB/T 4754-2017
        codes:
          - {code: C, label: 制造业, label_en: Manufacturing}
          - {code: C13, label: 农副食品加工业, parent: C}
          - {code: I, label: 信息业, label_en: Information}
        """,
    "fact_source": """\
        key: registry
        label: 登记注册
        label_en: Registration
        duty: 市场监督管理部门
        duty_en: Market regulation
        owner: market
        ---
        key: tax
        label: 税收征管
        label_en: Tax
        duty: 税务部门
        duty_en: Tax service
        owner: tax
        """,
    "fact_type": """\
        key: enterprise.trade
        label: 行业代码
        label_en: Trade
        type: code
        code_list: trade
        source: registry
        immutable: true
        sensitivity: public
        ---
        key: enterprise.staff
        label: 从业人数
        label_en: Staff
        type: int
        unit: 人
        source: tax
        accepts: [declared, committed]
        quality: {min: 0, expected: true}
        ---
        key: enterprise.revenue
        label: 营业收入
        label_en: Revenue
        shape: series
        period: year
        type: money
        source: tax
        sensitivity: sensitive
        ---
        key: enterprise.rd_cost
        label: 研发费用
        label_en: R&D cost
        shape: series
        period: year
        type: money
        source: tax
        ---
        key: enterprise.penalties
        label: 行政处罚
        label_en: Penalties
        shape: records
        fields:
          - {key: on, label: 日期, label_en: Date, type: date, required: true}
          - {key: fine, label: 罚款, label_en: Fine, type: money}
          - {key: sort, label: 种类, label_en: Sort, type: string}
        dated: on
        source: registry
        absence: {within_days: 30}
        ---
        key: enterprise.on_list
        label: 列入名单
        label_en: Listed
        type: bool
        source: registry
        absence: {value: false}
        ---
        key: person.barred
        label: 限制任职
        label_en: Barred
        subject: person
        type: bool
        source: registry
        absence: {value: false, within_days: 30}
        sensitivity: sensitive
        """,
    "derivation": """\
        key: enterprise.revenue_last
        label: 上年营业收入
        label_en: Revenue last year
        from: enterprise.revenue
        how: {op: period, back: 1}
        ---
        key: enterprise.revenue_grew
        label: 连续两年增长
        label_en: Grew two years running
        from: enterprise.revenue
        how: {op: grew, periods: 2}
        ---
        key: enterprise.rd_ratio
        label: 研发强度
        label_en: R&D intensity
        from: enterprise.rd_cost
        how: {op: ratio, over: enterprise.revenue}
        ---
        key: enterprise.clean_year
        label: 十二个月内无处罚
        label_en: No penalty in twelve months
        from: enterprise.penalties
        how: {op: none, months: 12}
        ---
        key: enterprise.fines_three_years
        label: 三年内罚款合计
        label_en: Fines in three years
        from: enterprise.penalties
        how: {op: sum, months: 36, field: fine}
        ---
        key: enterprise.head_not_barred
        label: 法定代表人未被限制
        label_en: Legal representative not barred
        from: person.barred
        how: {op: related, relation: legal_representative, take: none}
        ---
        key: enterprise.branches
        label: 分支机构数
        label_en: Branches
        how: {op: related, relation: branch, take: count}
        """,
}


def declared(**changes: str) -> dict[str, dict[str, Any]]:
    """Return the trial's declarations by kind and key; a change adds documents of its kind."""
    texts = {
        kind: dedent(text) + (f"---\n{dedent(changes[kind])}" if kind in changes else "")
        for kind, text in {**TRIAL, "source_owner": ""}.items()
    }
    return {
        kind: {
            value.key: value
            for value in (MODELS[kind].model_validate(d.value) for d in read_documents(text))
        }
        for kind, text in texts.items()
    }


def trial_catalogue() -> Catalogue:
    """Return the trial's catalogue."""
    found = declared()
    return Catalogue(
        types=found["fact_type"],
        derivations=found["derivation"],
        sources=found["fact_source"],
        codes=found["code_list"],
        owners={},
    )
