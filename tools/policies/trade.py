"""Green production, exports, vouchers."""

from tools.policies.fragments import (
    each,
    exactly,
    fixed,
    manufacturing,
    money,
    number,
    percent,
    share,
    small,
    small_or_medium,
    young,
)
from tools.policies.model import Item, Support, Text

EXPORTS = "enterprise.exports_last_year"
CUSTOMS = exactly("已办理海关备案", "enterprise.customs_filed")

GREEN = Support(
    "green", "qj-industry", "区经济和信息化局", "清经信规", "industry", "green", "green",
    (
        Text(
            "energy-saving", "清江区工业节能降碳支持办法", "Measures of Qingjiang on saving energy",
            "推动工业绿色低碳转型，降低企业用能成本",
            (
                Item(
                    "energy-upgrade", "节能技术改造补助", "Grant for saving energy",
                    "实施节能改造的企业，按改造投资给予补助。",
                    "For firms that invested in saving energy, by the investment.",
                    (
                        manufacturing(),
                        money("enterprise.energy_saving_investment", "节能改造投资", 20, 50, asked=True),
                    ),
                    share("enterprise.energy_saving_investment", "节能改造投资", (8, 10, 12), (50, 80, 100)),
                    way="scored", materials=("upgrade-contract",),
                    more={
                        "scoring": {
                            "field": "qj-energy", "experts": 5, "drop_extremes": True, "pass": 60,
                            "criteria": [
                                {"key": "saving", "label": "节能量", "label_en": "Energy saved", "most": 50},
                                {"key": "advance", "label": "技术先进性", "label_en": "Technical advance", "most": 30},
                                {"key": "example", "label": "示范作用", "label_en": "Example", "most": 20},
                            ],
                        },
                    },
                ),
                Item(
                    "energy-users", "重点用能单位管理奖励", "Reward for key energy users",
                    "环保信用好的重点用能单位，给予奖励。",
                    "For key energy users of good environmental credit.",
                    (
                        exactly("列入重点用能单位", "enterprise.key_energy_user"),
                        exactly("环保信用评价为绿色或者蓝色", 'enterprise.environment_credit in ["green", "blue"]'),
                    ),
                    fixed(5, 10),
                ),
                Item(
                    "environment-credit", "环保诚信企业奖励", "Reward for environmental credit",
                    "环保信用评价为绿色、近一年没有处罚的企业，给予奖励。",
                    "For firms of green credit without a penalty in a year.",
                    (
                        exactly("环保信用评价为绿色", 'enterprise.environment_credit == "green"'),
                        exactly("近十二个月无行政处罚", "enterprise.no_penalty_twelve_months"),
                    ),
                    fixed(2, 3, 5),
                ),
            ),
        ),
        Text(
            "upgrading", "清江区制造业技术改造办法", "Measures of Qingjiang on upgrading manufacturing",
            "推动制造业高端化、智能化、绿色化发展",
            (
                Item(
                    "equipment", "设备更新补助", "Grant for new equipment",
                    "加大设备投入的制造业企业，按固定资产投资给予补助。",
                    "For manufacturers that invest, by last year's investment.",
                    (manufacturing(), money("enterprise.investment_last_year", "上年度固定资产投资", 200, 300, 500)),
                    share("enterprise.investment_last_year", "上年度固定资产投资", (5, 6, 8), (200, 300)),
                    excludes=("specialised-project",),
                    more={
                        "ranking": {
                            "by": [
                                {
                                    "text": "enterprise.investment_last_year", "order": "descending",
                                    "label": "上年度固定资产投资",
                                }
                            ],
                            "budget": 3_000_000_000, "ties": "include",
                        },
                        "instalments": [
                            {"share": "0.5", "when": "decided"},
                            {"share": "0.5", "when": "accepted", "label": "项目验收后", "label_en": "Once the project is accepted"},
                        ],
                    },
                ),
                Item(
                    "safety-level", "安全生产标准化奖励", "Reward for a safety level",
                    "达到安全生产标准化等级的企业，给予奖励。",
                    "For firms of a safety level.",
                    (exactly("达到安全生产标准化二级以上", 'enterprise.safety_standard in ["1", "2"]'),),
                    fixed(3, 5),
                    per="once",
                ),
                Item(
                    "clean-production", "清洁生产审核补贴", "Subsidy for cleaner production",
                    "完成清洁生产审核的企业，补贴审核费用。",
                    "For firms with an audit of cleaner production, for its cost.",
                    (
                        exactly("实行排污许可重点管理或者简化管理", 'enterprise.pollution_permit in ["key", "simplified"]'),
                        money("enterprise.audit_costs", "清洁生产审核费用", 2, 3, asked=True),
                    ),
                    share("enterprise.audit_costs", "清洁生产审核费用", (40, 50), (5, 8)),
                    way="form", materials=("audit-report",), per="once",
                ),
            ),
        ),
    ),
)  # fmt: skip

EXPORT = Support(
    "export", "qj-commerce", "区商务局", "清商规", "commerce", "exports", "trade",
    (
        Text(
            "exports", "清江区外贸稳增长支持办法", "Measures of Qingjiang on exports",
            "支持外贸企业稳订单、拓市场",
            (
                Item(
                    "export-growth", "外贸企业增量奖励", "Reward for exporters",
                    "出口达到规定规模的企业，按出口额给予奖励。",
                    "For exporters, by last year's exports.",
                    (CUSTOMS, money(EXPORTS, "上年度出口额", 50, 100, 200)),
                    share(EXPORTS, "上年度出口额", (1, 2), (50, 80)),
                ),
                Item(
                    "exhibition", "境外参展补贴", "Subsidy for fairs abroad",
                    "赴境外参展的外贸企业，按展位费给予补贴。",
                    "For exporters at fairs abroad, by the cost of the stand.",
                    (CUSTOMS, money("enterprise.exhibition_costs_last_year", "上年度境外展位费", 1, 2, 3, asked=True)),
                    share("enterprise.exhibition_costs_last_year", "上年度境外展位费", (50, 60, 70), (10, 20)),
                    way="form", materials=("exhibition-proof",),
                ),
                Item(
                    "export-insurance", "出口信用保险补贴", "Subsidy for export insurance",
                    "投保出口信用保险的小微外贸企业，按保费给予补贴。",
                    "For small exporters, by the premium paid.",
                    (
                        small(), CUSTOMS,
                        money("enterprise.export_premium_last_year", "上年度出口信用保险保费", 1, 2, asked=True),
                    ),
                    share("enterprise.export_premium_last_year", "上年度出口信用保险保费", (30, 40, 50), (5, 10)),
                    way="form", materials=("insurance-policy",),
                ),
            ),
        ),
        Text(
            "trade-quality", "清江区外贸提质增效办法", "Measures of Qingjiang on better trade",
            "培育外贸竞争新优势，提升贸易质量",
            (
                Item(
                    "customs-certified", "海关高级认证企业奖励", "Reward for certified exporters",
                    "取得海关高级认证的企业，给予一次性奖励。",
                    "For firms certified by customs.",
                    (exactly("海关信用等级为高级认证企业", 'enterprise.customs_credit == "certified"'),),
                    fixed(20, 30),
                    per="once",
                ),
                Item(
                    "own-brands", "外贸自主品牌补助", "Grant for exporters' own brands",
                    "有注册商标的外贸企业，给予品牌培育补助。",
                    "For exporters with trade marks of their own.",
                    (
                        money(EXPORTS, "上年度出口额", 100, 200),
                        number("enterprise.trademarks", "注册商标", "件", 1, 2, 3),
                    ),
                    fixed(2, 3, 5),
                ),
                Item(
                    "first-export", "中小企业开拓国际市场补助", "Grant for first steps abroad",
                    "出口规模较小的中小微企业，给予开拓市场补助。",
                    "For small and medium firms whose exports are small.",
                    (
                        small_or_medium(), CUSTOMS,
                        money(EXPORTS, "上年度出口额", 300, 500, most=True),
                        percent("enterprise.export_ratio", "出口占营业收入比重", 5, 10),
                    ),
                    fixed(2, 3),
                    excludes=("export-growth",),
                ),
            ),
        ),
    ),
)  # fmt: skip

VOUCHER = Support(
    "voucher", "qj-science", "区科学技术局", "清科规", "innovation", "vouchers", "innovation",
    (
        Text(
            "vouchers", "清江区科技创新券管理办法", "Measures of Qingjiang on innovation vouchers",
            "降低中小企业创新成本，促进科技资源开放共享",
            (
                Item(
                    "voucher-research", "研发服务创新券", "Voucher for research services",
                    "购买检验检测等研发服务的科技型中小企业，申领创新券。",
                    "For technology firms that buy research services.",
                    (
                        exactly("已入库的科技型中小企业", "enterprise.tech_sme"),
                        money("enterprise.research_services", "拟购买研发服务合同额", 1, 2, asked=True),
                    ),
                    share("enterprise.research_services", "拟购买研发服务合同额", (40, 50), (10, 20)),
                    way="form", materials=("service-contract",),
                ),
                Item(
                    "voucher-start", "创业券", "Voucher for young firms",
                    "初创小微企业，申领创业服务券。",
                    "For young small firms.",
                    (small(), young(2, 3), number("enterprise.insured_staff", "参保人数", "人", 1, 2)),
                    fixed(1, 2),
                    per="once",
                ),
                Item(
                    "voucher-patents", "知识产权服务券", "Voucher for patents",
                    "拥有有效专利的中小微企业，申领知识产权服务券。",
                    "For small and medium firms with patents.",
                    (small_or_medium(), number("enterprise.utility_patents", "有效实用新型专利", "件", 3, 5)),
                    each("enterprise.utility_patents", "有效实用新型专利", (500, 800, 1000), (2, 3)),
                ),
            ),
        ),
        Text(
            "computing", "清江区数字化转型服务券办法", "Measures of Qingjiang on digital vouchers",
            "帮助中小企业数字化、智能化转型",
            (
                Item(
                    "voucher-digital", "数字化转型券", "Voucher for going digital",
                    "购买数字化服务的制造业中小微企业，申领转型券。",
                    "For small manufacturers that buy digital services.",
                    (
                        manufacturing(), small_or_medium(),
                        money("enterprise.digital_services", "拟购买数字化服务合同额", 2, 3, 5, asked=True),
                    ),
                    share("enterprise.digital_services", "拟购买数字化服务合同额", (30, 40), (15, 20)),
                    way="form", materials=("service-contract",), excludes=("voucher-research",),
                ),
                Item(
                    "voucher-computing", "算力券", "Voucher for computing",
                    "购买算力服务的软件企业，申领算力券。",
                    "For software firms that buy computing.",
                    (
                        exactly("属于软件和信息技术服务业", 'enterprise.industry.startsWith("I65")'),
                        money("enterprise.computing_services", "拟购买算力服务合同额", 2, 3, asked=True),
                    ),
                    share("enterprise.computing_services", "拟购买算力服务合同额", (30, 40), (15, 20)),
                    way="form", materials=("service-contract",),
                ),
                Item(
                    "voucher-quality", "质量提升券", "Voucher for better quality",
                    "近一年没有行政处罚的小微制造业企业，申领质量提升券。",
                    "For small manufacturers without a penalty in a year.",
                    (
                        manufacturing(), small(),
                        exactly("近十二个月无行政处罚", "enterprise.no_penalty_twelve_months"),
                    ),
                    fixed(1, 2),
                ),
            ),
        ),
    ),
)  # fmt: skip
