"""High-tech firms, research, first loans, listing."""

from tools.policies.fragments import (
    each,
    exactly,
    fixed,
    grown,
    manufacturing,
    money,
    number,
    percent,
    share,
    small,
    small_or_medium,
    tiers,
    young,
)
from tools.policies.model import Item, Support, Text

HIGH_TECH = exactly("有效期内的高新技术企业", "enterprise.high_tech")
TECH_SME = exactly("已入库的科技型中小企业", "enterprise.tech_sme")
REVENUE = "enterprise.revenue_last_year"
RESEARCH = "enterprise.rd_last_year"

HIGH_TECH_SUPPORT = Support(
    "high-tech", "qj-science", "区科学技术局", "清科规", "innovation", "high-tech", "innovation",
    (
        Text(
            "high-tech-firms", "清江区高新技术企业培育办法",
            "Measures of Qingjiang on raising high-tech firms",
            "加快高新技术企业培育，增强企业创新能力",
            (
                Item(
                    "high-tech-reward", "高新技术企业认定奖励", "Reward for high-tech recognition",
                    "有效期内的高新技术企业，按规模给予奖励。",
                    "For recognised high-tech firms, by their size.",
                    (HIGH_TECH, money(REVENUE, "上年度营业收入", 500, 1000, 2000)),
                    tiers(
                        "enterprise.size", ("large", "大型企业", 30), ("medium", "中型企业", 25),
                        otherwise=("其他企业", 20),
                    ),
                    per="once",
                ),
                Item(
                    "high-tech-growth", "高新技术企业成长补助", "Grant for growing high-tech firms",
                    "营业收入较快增长的高新技术企业，按研发费用给予补助。",
                    "For high-tech firms whose revenue grows, by what they spend on research.",
                    (HIGH_TECH, percent("enterprise.revenue_growth", "上年度营业收入增长率", 10, 15, 20)),
                    share(RESEARCH, "上年度研发费用", (5, 6, 8), (50, 80, 100)),
                    excludes=("rd-investment-grant",),
                ),
                Item(
                    "high-tech-reserve", "高新技术企业入库培育补助", "Grant for future high-tech firms",
                    "尚未认定、研发投入强的科技型中小企业，给予培育补助。",
                    "For technology firms that spend much on research and are not yet recognised.",
                    (
                        exactly("尚未认定为高新技术企业", "!enterprise.high_tech"), TECH_SME,
                        percent("enterprise.rd_ratio", "研发费用占营业收入比重", 4, 5, 6),
                        number("enterprise.utility_patents", "有效实用新型专利", "件", 1, 2, 3),
                    ),
                    fixed(5, 8, 10),
                    per="once",
                ),
            ),
        ),
        Text(
            "specialised-firms", "清江区专精特新企业扶持办法",
            "Measures of Qingjiang on specialised firms",
            "引导中小企业走专业化、精细化、特色化、新颖化发展道路",
            (
                Item(
                    "specialised-reward", "专精特新企业奖励", "Reward for specialised firms",
                    "获评创新型、专精特新中小企业或者“小巨人”企业的，分档奖励。",
                    "For firms on the ladder of specialised firms, by rung.",
                    (
                        exactly(
                            "获评创新型中小企业、专精特新中小企业或者专精特新“小巨人”企业",
                            'enterprise.sme_level != "none"',
                        ),
                        money("enterprise.tax_last_year", "上年度入库税收", 10, 20, 30),
                    ),
                    tiers(
                        "enterprise.sme_level",
                        ("giant", "专精特新“小巨人”企业", 50), ("specialised", "专精特新中小企业", 20),
                        otherwise=("创新型中小企业", 5),
                    ),
                    per="once",
                ),
                Item(
                    "specialised-patents", "专精特新企业发明专利补助", "Grant for patents of specialised firms",
                    "专精特新企业近三年授权发明专利，按件补助。",
                    "For specialised firms, by invention patents granted in three years.",
                    (
                        exactly(
                            "获评专精特新中小企业或者专精特新“小巨人”企业",
                            'enterprise.sme_level in ["specialised", "giant"]',
                        ),
                        number("enterprise.inventions_three_years", "近三年授权发明专利", "件", 1, 2, 3),
                    ),
                    each("enterprise.inventions_three_years", "近三年授权发明专利", (5000, 8000, 10000), (10, 20)),
                ),
                Item(
                    "specialised-project", "专精特新技术改造项目补助", "Grant for upgrading specialised firms",
                    "专精特新企业的技术改造项目，经专家评审择优补助。",
                    "For upgrading projects of specialised firms, chosen by experts.",
                    (
                        exactly(
                            "获评专精特新中小企业或者专精特新“小巨人”企业",
                            'enterprise.sme_level in ["specialised", "giant"]',
                        ),
                        manufacturing(),
                        money("enterprise.investment_last_year", "上年度固定资产投资", 100, 200, 300),
                    ),
                    share("enterprise.investment_last_year", "上年度固定资产投资", (8, 10, 12), (150, 200, 300)),
                    way="scored",
                    more={
                        "scoring": {
                            "field": "qj-industry", "experts": 3, "drop_extremes": False, "pass": 60,
                            "criteria": [
                                {"key": "advance", "label": "技术先进性", "label_en": "Technical advance", "most": 40},
                                {"key": "effect", "label": "经济和社会效益", "label_en": "Effects", "most": 40},
                                {"key": "feasible", "label": "实施条件", "label_en": "Feasibility", "most": 20},
                            ],
                        },
                        "instalments": [
                            {"share": "0.6", "when": "decided"},
                            {"share": "0.4", "when": "accepted", "label": "项目验收后", "label_en": "Once the project is accepted"},
                        ],
                    },
                ),
            ),
        ),
    ),
)  # fmt: skip

RESEARCH_SUPPORT = Support(
    "rd", "qj-science", "区科学技术局", "清科规", "innovation", "rd", "innovation",
    (
        Text(
            "research-spending", "清江区企业研发投入补助办法", "Measures of Qingjiang on research spending",
            "引导企业加大研发投入，提升自主创新能力",
            (
                Item(
                    "rd-investment-grant", "重点研发企业补助", "Grant for firms strong in research",
                    "研发投入强度较高的企业，按上年度研发费用给予补助。",
                    "For firms that spend much on research, by last year's spending.",
                    (
                        money(REVENUE, "上年度营业收入", 300, 500, 1000),
                        percent("enterprise.rd_ratio", "研发费用占营业收入比重", 3, 4, 5),
                    ),
                    share(RESEARCH, "上年度研发费用", (6, 8, 10), (100, 150, 200)),
                    excludes=("high-tech-growth",),
                    more={
                        "ranking": {
                            "by": [{"text": RESEARCH, "order": "descending", "label": "上年度研发费用"}],
                            "budget": 2_000_000_000, "ties": "include",
                        }
                    },
                ),
                Item(
                    "rd-first", "首次研发投入统计奖励", "Reward for counted research of small firms",
                    "小型、微型企业纳入研发统计的，给予奖励。",
                    "For small firms whose research spending is counted.",
                    (small(), money(RESEARCH, "上年度研发费用", 10, 20, 30)),
                    fixed(1, 2, 3),
                    per="once",
                ),
                Item(
                    "rd-staff", "研发人员引育补贴", "Subsidy for research staff",
                    "研发人员占比较高的企业，按研发人员数给予补贴。",
                    "For firms with many in research, by their number.",
                    (
                        percent("enterprise.rd_staff_ratio", "研发人员占从业人数比重", 10, 15, 20),
                        number("enterprise.insured_staff", "参保人数", "人", 5, 10),
                    ),
                    each("enterprise.rd_staff", "研发人员数", (1000, 1500, 2000), (20, 30)),
                ),
            ),
        ),
        Text(
            "technology-transfer", "清江区科技成果转化和创新平台支持办法",
            "Measures of Qingjiang on technology transfer and research platforms",
            "促进科技成果转化，支持企业建设高水平创新平台",
            (
                Item(
                    "technology-contracts", "技术合同登记奖励", "Reward for technology contracts",
                    "登记技术合同达到规定成交额的企业，按成交额给予奖励。",
                    "For firms with registered technology contracts, by their value.",
                    (money("enterprise.technology_contracts_last_year", "上年度技术合同成交额", 50, 100, 200),),
                    share("enterprise.technology_contracts_last_year", "上年度技术合同成交额", (1, 2), (20, 30)),
                ),
                Item(
                    "standards-led", "主导制定标准奖励", "Reward for leading standards",
                    "主导制定国家、行业标准的企业，按项奖励。",
                    "For firms that led national or industry standards, by number.",
                    (number("enterprise.standards_led", "主导制定的国家和行业标准", "项", 1, 2),),
                    each("enterprise.standards_led", "主导制定的国家和行业标准", (50000, 80000, 100000), (50, 80)),
                    per="once",
                ),
                Item(
                    "software-start", "初创软件企业知识产权补贴", "Subsidy for young software firms",
                    "初创的软件和信息技术企业，按软件著作权数给予补贴。",
                    "For young software firms, by registered copyrights.",
                    (
                        young(3, 5),
                        exactly("属于软件和信息技术服务业", 'enterprise.industry.startsWith("I65")'),
                        number("enterprise.software_copyrights", "软件著作权", "件", 1, 2, 3),
                    ),
                    fixed(1, 2),
                    per="once",
                ),
            ),
        ),
    ),
)  # fmt: skip

FIRST_LOAN = Support(
    "first-loan", "qj-development-reform", "区发展和改革局", "清发改规", "small-firms", "loans", "finance",
    (
        Text(
            "first-loan", "清江区小微企业首贷贴息办法", "Measures of Qingjiang on first loans of small firms",
            "缓解小微企业融资难、融资贵，扩大首贷覆盖面",
            (
                Item(
                    "first-loan-interest", "首贷贴息", "Interest subsidy on the first loan",
                    "首次取得银行贷款的小微企业，按支付的利息给予贴息。",
                    "For small firms with a first bank loan, by the interest paid.",
                    (
                        small(),
                        money(
                            "enterprise.first_loan_amount", "首次贷款金额", 300, 500, 1000,
                            most=True, asked=True,
                        ),
                        exactly("没有逾期贷款", "!enterprise.loans_overdue"),
                    ),
                    share("enterprise.first_loan_interest", "已支付利息", (30, 40, 50), (5, 10)),
                    way="form", asks=("enterprise.first_loan_interest",), materials=("loan-contract",),
                    per="once",
                ),
                Item(
                    "guarantee-fee", "融资担保费补贴", "Subsidy for guarantee fees",
                    "中小微企业通过融资担保取得贷款的，补贴担保费。",
                    "For small and medium firms that paid a guarantee fee.",
                    (
                        small_or_medium(),
                        money("enterprise.guarantee_fee_last_year", "上年度支付融资担保费", 1, 2, asked=True),
                    ),
                    share("enterprise.guarantee_fee_last_year", "上年度支付融资担保费", (40, 50), (5, 8)),
                    way="form", materials=("guarantee-contract",),
                ),
                Item(
                    "credit-loan-reward", "诚信企业信用贷奖励", "Reward for firms with good credit",
                    "信用好、按期还款的小微企业，给予一次性奖励。",
                    "For small firms of good credit that repay on time.",
                    (
                        small(),
                        exactly("纳税缴费信用级别为A级", 'enterprise.tax_credit_grade == "A"'),
                        exactly("没有逾期贷款", "!enterprise.loans_overdue"),
                        money("enterprise.bank_loans", "银行贷款余额", 50, 100),
                    ),
                    fixed(1, 2),
                ),
            ),
        ),
        Text(
            "technology-finance", "清江区科技金融支持办法", "Measures of Qingjiang on technology finance",
            "引导金融资源支持科技创新企业",
            (
                Item(
                    "technology-loan", "科技贷款贴息", "Interest subsidy for technology loans",
                    "科技型企业的贷款，按余额给予贴息。",
                    "For technology firms, by the loans they owe.",
                    (TECH_SME, money("enterprise.bank_loans", "银行贷款余额", 100, 200, 300)),
                    share("enterprise.bank_loans", "银行贷款余额", (1, 2), (20, 30)),
                ),
                Item(
                    "patent-pledge", "知识产权质押融资补助", "Grant for loans on patents",
                    "以专利权质押取得贷款的企业，按利息给予补助。",
                    "For firms that borrowed on their patents, by the interest paid.",
                    (
                        number("enterprise.invention_patents", "有效发明专利", "件", 1, 2, 3),
                        money("enterprise.pledge_interest_last_year", "上年度支付质押贷款利息", 1, 2, asked=True),
                    ),
                    share("enterprise.pledge_interest_last_year", "上年度支付质押贷款利息", (40, 50), (15, 20)),
                    way="form", materials=("loan-contract",),
                ),
                Item(
                    "stable-debt", "稳健经营企业奖励", "Reward for sound firms",
                    "资产负债率合理、连续增长的企业，给予奖励。",
                    "For firms that grow with reasonable debt.",
                    (
                        percent("enterprise.debt_ratio", "资产负债率", 50, 55, 60, most=True),
                        exactly("营业收入连续两年增长", "enterprise.revenue_grew_two_years"),
                        money("enterprise.tax_last_year", "上年度入库税收", 50, 80, 100),
                    ),
                    fixed(5, 8, 10),
                ),
            ),
        ),
    ),
)  # fmt: skip

LISTING = Support(
    "listing", "qj-development-reform", "区发展和改革局", "清发改规", "industry", "listing", "listing",
    (
        Text(
            "listing", "清江区企业上市挂牌扶持办法", "Measures of Qingjiang on listing",
            "推动企业利用多层次资本市场发展壮大",
            (
                Item(
                    "listed-reward", "上市企业奖励", "Reward for listed firms",
                    "在境内外上市的企业，分档给予奖励。",
                    "For listed firms, by exchange.",
                    (exactly("已在境内外证券交易所上市", 'enterprise.listing != "none" && enterprise.listing != "neeq"'),),
                    tiers(
                        "enterprise.listing", ("sse-star", "科创板上市", 500), ("szse-chinext", "创业板上市", 400),
                        otherwise=("其他上市", 300),
                    ),
                    per="once",
                ),
                Item(
                    "neeq-reward", "新三板挂牌奖励", "Reward for NEEQ firms",
                    "在新三板挂牌的企业，给予一次性奖励。",
                    "For firms admitted to the NEEQ.",
                    (exactly("在全国中小企业股份转让系统挂牌", 'enterprise.listing == "neeq"'),),
                    fixed(50, 80, 100),
                    per="once",
                ),
                Item(
                    "joint-stock", "股份制改造补助", "Grant for becoming a joint stock company",
                    "完成股份制改造的后备企业，补助中介费用。",
                    "For joint stock companies on their way to listing, for their advisers.",
                    (
                        exactly("已改制为股份有限公司", 'enterprise.type == "jsc"'),
                        exactly("尚未上市或者挂牌", 'enterprise.listing == "none"'),
                        money("enterprise.listing_costs", "已支付中介费用", 20, 30, asked=True),
                    ),
                    share("enterprise.listing_costs", "已支付中介费用", (40, 50), (50, 80)),
                    way="form", materials=("service-contract",), per="once",
                ),
            ),
            inclusive=False,
        ),
        Text(
            "growth", "清江区企业成长奖励办法", "Measures of Qingjiang on growing firms",
            "支持企业升规纳统、做大做强",
            (
                Item(
                    "above-scale", "规模以上企业奖励", "Reward for firms above scale",
                    "规模以上的年轻企业，给予一次性奖励。",
                    "For young firms above scale.",
                    (exactly("纳入规模以上企业统计", "enterprise.above_scale"), young(6, 8, 10)),
                    fixed(10, 15, 20),
                    per="once",
                ),
                Item(
                    "output-growth", "工业企业增产奖励", "Reward for industrial growth",
                    "产值较大、收入增长的工业企业，按入库税收给予奖励。",
                    "For industrial firms that grow, by the taxes they paid.",
                    (
                        manufacturing(),
                        money("enterprise.output_last_year", "上年度工业总产值", 2000, 3000, 5000),
                        percent("enterprise.revenue_growth", "上年度营业收入增长率", 10, 12),
                    ),
                    share("enterprise.tax_last_year", "上年度入库税收", (4, 5, 6), (100, 150)),
                    more={
                        "ranking": {
                            "by": [
                                {"text": "enterprise.revenue_growth", "order": "descending", "label": "上年度营业收入增长率"}
                            ],
                            "quota": 20, "ties": "include",
                        }
                    },
                ),
                Item(
                    "veteran-firm", "老字号和成熟企业提升补助", "Grant for long-standing firms",
                    "成立较久、持续投入的企业，按固定资产投资给予补助。",
                    "For long-standing firms that invest.",
                    (grown(10, 15), money("enterprise.investment_last_year", "上年度固定资产投资", 50, 100)),
                    share("enterprise.investment_last_year", "上年度固定资产投资", (2, 3), (30, 50)),
                ),
            ),
        ),
    ),
)  # fmt: skip
