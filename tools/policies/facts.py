"""The facts that only a firm knows, and the papers that prove them."""

from typing import Any

MONEY = {
    "first_loan_amount": ("首次贷款金额", "Amount of the first loan"),
    "first_loan_interest": ("首次贷款已支付利息", "Interest paid on the first loan"),
    "guarantee_fee_last_year": ("上年度支付融资担保费", "Guarantee fees paid last year"),
    "pledge_interest_last_year": (
        "上年度支付质押贷款利息",
        "Interest on loans on patents last year",
    ),
    "listing_costs": ("已支付上市中介费用", "Advisers' fees paid for listing"),
    "rent_last_year": ("上年度实付租金", "Rent paid last year"),
    "training_spend_last_year": ("上年度职工培训支出", "Spending on training last year"),
    "energy_saving_investment": ("节能改造投资", "Investment in saving energy"),
    "audit_costs": ("清洁生产审核费用", "Cost of the audit of cleaner production"),
    "exhibition_costs_last_year": ("上年度境外展位费", "Cost of stands abroad last year"),
    "export_premium_last_year": (
        "上年度出口信用保险保费",
        "Premiums of export insurance last year",
    ),
    "research_services": ("拟购买研发服务合同额", "Contracts for research services"),
    "digital_services": ("拟购买数字化服务合同额", "Contracts for digital services"),
    "computing_services": ("拟购买算力服务合同额", "Contracts for computing"),
}
NUMBERS = {
    "talents_housed": ("租住人才公寓的职工", "Staff in talents' flats"),
    "staff_trained_last_year": ("上年度培训合格职工", "Staff who passed training last year"),
    "apprentices": ("签订协议的学徒", "Apprentices under contract"),
}
NAMES = {
    "first_loan_amount": "首次贷款金额 首次贷款额 首次贷款额度 首笔贷款金额 首贷金额",
    "first_loan_interest": "首次贷款已支付利息 首次贷款利息 首笔贷款利息 首贷利息",
    "guarantee_fee_last_year": "支付融资担保费 融资担保费 融资担保费用 支付担保费 担保费支出",
    "pledge_interest_last_year": "支付质押贷款利息 质押贷款利息 支付质押融资利息 质押融资利息",
    "listing_costs": "已支付上市中介费用 已支付中介费用 支付上市中介费用 支付中介费用 上市中介费用 上市中介服务费",
    "rent_last_year": "实付租金 支付租金 缴纳租金 租金支出",
    "training_spend_last_year": "职工培训支出 职工培训费用 职工培训经费 员工培训支出 培训经费支出",
    "energy_saving_investment": "节能改造投资 节能改造投资额 节能改造投入 节能技术改造投资",
    "audit_costs": "清洁生产审核费用 清洁生产审核费 清洁生产审核支出",
    "exhibition_costs_last_year": "境外展位费 境外参展展位费 境外展位费用 境外展位费支出",
    "export_premium_last_year": "出口信用保险保费 出口信用保险费 出口信保保费 支付出口信用保险保费",
    "research_services": "拟购买研发服务合同额 购买研发服务合同额 研发服务合同额 研发服务合同金额",
    "digital_services": "拟购买数字化服务合同额 购买数字化服务合同额 数字化服务合同额 数字化服务合同金额",
    "computing_services": "拟购买算力服务合同额 购买算力服务合同额 算力服务合同额 算力服务合同金额",
    "talents_housed": "租住人才公寓的职工 租住人才公寓的员工 入住人才公寓的职工 租住人才公寓人数",
    "staff_trained_last_year": "培训合格职工 培训合格员工 培训合格人数 职工培训合格人数",
    "apprentices": "签订协议的学徒 签订培养协议的学徒 学徒 学徒人数",
}
"""How texts call what only a firm knows."""

MATERIALS = {
    "loan-contract": ("贷款合同和利息支付凭证", "Loan contract and proof of interest"),
    "guarantee-contract": ("担保合同和担保费发票", "Guarantee contract and invoice"),
    "service-contract": ("服务合同和发票", "Service contract and invoices"),
    "lease": ("租赁合同和租金发票", "Lease and rent invoices"),
    "talent-roster": ("人才租住名册", "Roster of housed talents"),
    "training-roster": ("培训合格人员名册和培训协议", "Roster of those trained and the agreement"),
    "station-approval": ("博士后科研工作站设站批复", "Approval of the postdoctoral station"),
    "upgrade-contract": ("节能改造合同和验收材料", "Contract and acceptance of the upgrade"),
    "audit-report": ("清洁生产审核报告", "Audit report on cleaner production"),
    "exhibition-proof": ("参展合同和展位费凭证", "Contract and proof of the stand"),
    "insurance-policy": ("保险单和保费发票", "Policy and premium invoice"),
}


def fact_types() -> list[dict[str, Any]]:
    """Return the facts that firms declare of themselves."""
    rest = {
        "source": "self", "sensitivity": "internal", "group": "政策申报", "group_en": "Claims",
        "quality": {"min": 0},
    }  # fmt: skip
    money = [
        {
            "key": f"enterprise.{key}",
            "label": zh,
            "label_en": en,
            "type": "money",
            "unit": "分",
            **rest,
        }
        for key, (zh, en) in MONEY.items()
    ]
    return money + [
        {
            "key": f"enterprise.{key}",
            "label": zh,
            "label_en": en,
            "type": "int",
            "unit": "人",
            **rest,
        }
        for key, (zh, en) in NUMBERS.items()
    ]


def fact_phrases() -> list[dict[str, Any]]:
    """Return the words by which texts speak of these facts."""
    return [
        {
            "key": f"declared-{key.replace('_', '-')}",
            "fact": f"enterprise.{key}",
            "names": names.split(),
        }
        for key, names in NAMES.items()
    ]


def materials() -> list[dict[str, Any]]:
    """Return the papers that firms hand in."""
    return [
        {
            "key": key, "label": zh, "label_en": en, "legal": "演示用虚构政策", "source": "applicant",
            "formats": ["pdf", "jpeg", "png"], "most_files": 5, "most_pages": 60, "reusable_days": 365,
        }
        for key, (zh, en) in MATERIALS.items()
    ]  # fmt: skip


def expert_fields() -> list[dict[str, Any]]:
    """Return the fields from which experts are drawn."""
    return [
        {
            "key": key,
            "label": zh,
            "label_en": en,
            "legal": "清江区财政专项资金评审专家管理办法（演示用虚构文件）第四条",
        }
        for key, zh, en in (
            ("qj-energy", "节能和绿色制造", "Energy saving and green production"),
            ("qj-industry", "装备和技术改造", "Equipment and upgrading"),
        )
    ]
