"""Rent, talents' housing, training."""

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

RENTS = exactly("租用经营场所", "enterprise.rents_premises")
RENT = "enterprise.rent_last_year"
STAFF = "enterprise.insured_staff"

RENT_SUPPORT = Support(
    "rent", "qj-industry", "区经济和信息化局", "清经信规", "small-firms", "rent", "premises",
    (
        Text(
            "rent-relief", "清江区小微企业租金补贴办法", "Measures of Qingjiang on rents of small firms",
            "降低小微企业经营场所成本，帮助企业渡过难关",
            (
                Item(
                    "rent-small", "小微企业租金补贴", "Rent subsidy for small firms",
                    "租用经营场所的小微企业，按上年度租金给予补贴。",
                    "For small firms that rent, by last year's rent.",
                    (small(), RENTS, money(RENT, "上年度实付租金", 1, 2, asked=True)),
                    share(RENT, "上年度实付租金", (10, 15, 20), (3, 5, 8)),
                    way="form", materials=("lease",),
                ),
                Item(
                    "rent-start", "初创企业场地补贴", "Premises subsidy for young firms",
                    "租用场地的初创企业，给予一次性补贴。",
                    "For young firms that rent.",
                    (young(2, 3), RENTS, number(STAFF, "参保人数", "人", 3, 5)),
                    fixed(1, 2, 3),
                    per="once",
                ),
                Item(
                    "rent-shops", "餐饮零售业租金减负补贴", "Rent relief for restaurants and shops",
                    "餐饮、零售业的小微企业，给予租金减负补贴。",
                    "For small restaurants and shops.",
                    (
                        small(),
                        exactly(
                            "属于住宿和餐饮业或者零售业",
                            'enterprise.industry.startsWith("H") || enterprise.industry.startsWith("F52")',
                        ),
                        RENTS,
                    ),
                    fixed(1, 2),
                ),
            ),
        ),
        Text(
            "parks", "清江区园区企业入驻扶持办法", "Measures of Qingjiang on firms in parks",
            "促进产业向园区集聚，提高土地利用效率",
            (
                Item(
                    "park-settled", "入驻园区企业奖励", "Reward for settling in a park",
                    "入驻清江经济开发区、清江科创园的年轻企业，给予奖励。",
                    "For young firms in the district's parks.",
                    (
                        exactly(
                            "入驻清江经济开发区或者清江科创园",
                            'enterprise.park in ["清江经济开发区", "清江科创园"]',
                        ),
                        young(3, 5),
                    ),
                    fixed(3, 5),
                    per="once",
                ),
                Item(
                    "land-efficiency", "亩均税收领跑奖励", "Reward for tax per area",
                    "单位用地税收较高的制造业企业，择优奖励。",
                    "For manufacturers that pay much tax for their land, the best first.",
                    (manufacturing(), exactly("每平方米用地上年度入库税收不低于30元", "enterprise.tax_per_land >= 3000")),
                    fixed(20, 30),
                    more={
                        "ranking": {
                            "by": [
                                {"text": "enterprise.tax_per_land", "order": "descending", "label": "每平方米用地税收"}
                            ],
                            "quota": 15, "ties": "exclude",
                        }
                    },
                ),
                Item(
                    "workshop-rent", "标准厂房租金补贴", "Rent subsidy for workshops",
                    "租用厂房的制造业中小微企业，按租金给予补贴。",
                    "For manufacturers that rent a workshop, by the rent.",
                    (manufacturing(), small_or_medium(), RENTS, money(RENT, "上年度实付租金", 5, 10, asked=True)),
                    share(RENT, "上年度实付租金", (15, 20), (20, 30)),
                    way="form", materials=("lease",), excludes=("rent-small",),
                ),
            ),
        ),
    ),
)  # fmt: skip

HOUSING = Support(
    "talent-housing", "qj-human-resources", "区人力资源和社会保障局", "清人社规", "employment", "housing", "talent",
    (
        Text(
            "talent-housing", "清江区人才安居补贴办法", "Measures of Qingjiang on talents' housing",
            "吸引和留住各类人才，改善人才居住条件",
            (
                Item(
                    "housing-graduates", "高校毕业生租房补贴", "Rent subsidy for graduates",
                    "招用应届高校毕业生的企业，按招用人数给予租房补贴。",
                    "For firms that hired graduates, by their number.",
                    (number("enterprise.graduates_last_year", "上年招用应届毕业生", "人", 1, 2, 3),),
                    each("enterprise.graduates_last_year", "上年招用应届毕业生人数", (2000, 3000, 4000), (10, 20)),
                ),
                Item(
                    "housing-talents", "企业人才公寓补贴", "Subsidy for housing of talents",
                    "为人才租住公寓的企业，按租住人数给予补贴。",
                    "For firms that house their talents, by number.",
                    (
                        number("enterprise.talents_housed", "租住人才公寓的职工", "人", 1, 2, asked=True),
                        number("enterprise.fund_members", "公积金缴存人数", "人", 5, 10),
                    ),
                    each("enterprise.talents_housed", "租住人才公寓的职工人数", (3000, 5000), (20, 30)),
                    way="form", materials=("talent-roster",),
                ),
                Item(
                    "housing-high-tech", "高新技术企业骨干安居补贴", "Housing subsidy for key staff",
                    "高新技术企业，按研发人员数给予骨干安居补贴。",
                    "For high-tech firms, by their research staff.",
                    (
                        exactly("有效期内的高新技术企业", "enterprise.high_tech"),
                        number("enterprise.rd_staff", "研发人员", "人", 5, 8, 10),
                    ),
                    each("enterprise.rd_staff", "研发人员数", (1000, 1500), (15, 30)),
                ),
            ),
        ),
        Text(
            "employers", "清江区重点用人单位支持办法", "Measures of Qingjiang on employers",
            "支持企业稳定就业岗位，扩大就业容量",
            (
                Item(
                    "keep-jobs", "稳岗补贴", "Subsidy for keeping staff",
                    "裁员率较低的参保企业，按参保人数给予补贴。",
                    "For insured firms that dismiss few, by insured staff.",
                    (
                        percent("enterprise.layoff_rate_last_year", "上年度裁员率", 5, 6, most=True),
                        number(STAFF, "参保人数", "人", 1, 3),
                    ),
                    each(STAFF, "参保人数", (200, 300, 400), (20, 30)),
                ),
                Item(
                    "disabled-staff", "安置残疾人就业奖励", "Reward for employing disabled people",
                    "安置残疾人就业的企业，按人数给予奖励。",
                    "For firms that employ disabled people, by number.",
                    (number("enterprise.disabled_staff", "安置残疾人就业", "人", 1, 2),),
                    each("enterprise.disabled_staff", "安置残疾人人数", (3000, 5000), (10, 20)),
                ),
                Item(
                    "new-jobs", "初创企业带动就业补贴", "Subsidy for jobs in young firms",
                    "带动就业的初创企业，按参保人数给予补贴。",
                    "For young firms that employ people, by insured staff.",
                    (young(3, 5), number(STAFF, "参保人数", "人", 5, 8)),
                    each(STAFF, "参保人数", (1000, 2000), (5, 8)),
                    excludes=("keep-jobs",), per="once",
                ),
            ),
        ),
    ),
)  # fmt: skip

TRAINING = Support(
    "training", "qj-human-resources", "区人力资源和社会保障局", "清人社规", "employment", "training", "training",
    (
        Text(
            "training", "清江区企业职业技能培训补贴办法", "Measures of Qingjiang on training",
            "提升职工技能水平，支持企业开展职业技能培训",
            (
                Item(
                    "training-staff", "岗位技能培训补贴", "Subsidy for training staff",
                    "组织职工培训的企业，按培训合格人数给予补贴。",
                    "For firms that trained staff, by those who passed.",
                    (
                        number("enterprise.staff_trained_last_year", "上年度培训合格职工", "人", 3, 5, asked=True),
                        number(STAFF, "参保人数", "人", 5, 10),
                    ),
                    each("enterprise.staff_trained_last_year", "上年度培训合格职工人数", (300, 500, 800), (10, 20)),
                    way="form", materials=("training-roster",),
                ),
                Item(
                    "training-safety", "安全技能提升补贴", "Subsidy for safety skills",
                    "达到安全生产标准化等级、近一年没有事故的企业，给予补贴。",
                    "For firms of a safety level without accident in a year.",
                    (
                        exactly("达到安全生产标准化三级以上", 'enterprise.safety_standard in ["1", "2", "3"]'),
                        exactly("近十二个月无生产安全事故", "enterprise.no_accident_twelve_months"),
                    ),
                    fixed(1, 2, 3),
                ),
                Item(
                    "training-spend", "企业自主培训补助", "Grant for the firm's own training",
                    "自主开展培训的企业，按培训支出给予补助。",
                    "For firms with training of their own, by what it cost.",
                    (money("enterprise.training_spend_last_year", "上年度职工培训支出", 1, 2, 3, asked=True), small_or_medium()),
                    share("enterprise.training_spend_last_year", "上年度职工培训支出", (30, 40), (8, 10)),
                    way="form", materials=("training-roster",), excludes=("training-staff",),
                ),
            ),
        ),
        Text(
            "skills", "清江区技能人才队伍建设办法", "Measures of Qingjiang on skilled staff",
            "健全技能人才培养体系，壮大产业工人队伍",
            (
                Item(
                    "skills-manufacturing", "制造业用工稳定奖励", "Reward for stable staff in manufacturing",
                    "用工稳定的制造业企业，给予一次性奖励。",
                    "For manufacturers that keep their staff.",
                    (
                        manufacturing(),
                        number(STAFF, "参保人数", "人", 30, 50),
                        percent("enterprise.layoff_rate_last_year", "上年度裁员率", 5, 6, most=True),
                    ),
                    fixed(5, 8, 10),
                ),
                Item(
                    "postdoctoral", "博士后工作站资助", "Funding of postdoctoral stations",
                    "设有博士后科研工作站的企业，给予资助。",
                    "For firms with a postdoctoral station.",
                    (
                        number("enterprise.rd_staff", "研发人员", "人", 10),
                        money("enterprise.rd_last_year", "上年度研发费用", 200, 300),
                    ),
                    fixed(10, 20),
                    way="form", materials=("station-approval",), per="once",
                ),
                Item(
                    "apprentices", "新型学徒制培训补贴", "Subsidy for apprentices",
                    "开展新型学徒制培训的企业，按学徒人数给予补贴。",
                    "For firms that train apprentices, by number.",
                    (number("enterprise.apprentices", "签订协议的学徒", "人", 5, 10, asked=True),),
                    each("enterprise.apprentices", "签订协议的学徒人数", (3000, 4000, 5000), (20, 30)),
                    way="form", materials=("training-roster",),
                ),
            ),
        ),
    ),
)  # fmt: skip
