"""Drafts of rules in the demonstration: a changed threshold, and a rule that is not finished."""

from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.rulebook.drafting import save_draft, start_draft


@demo_builder("rule-drafts", order=95)
def build() -> None:
    """Let the plan office lower a threshold and begin a rule of its own, in which one unit is doubtful."""
    actor = demo_actor("plan")
    draft = start_draft(actor, based_on="rd-investment")
    text = draft.text.replace("enterprise.rd_ratio >= 0.05", "enterprise.rd_ratio >= 0.04")
    save_draft(actor, draft=draft.ref, text=text, expected_version=draft.version)
    start_draft(actor, document=_UNFINISHED)


_UNFINISHED = {
    "key": "export-newcomers",
    "title": "外贸新锐企业奖励",
    "title_en": "Reward for newcomers to exports",
    "source": "清江区2026《外贸稳增长若干措施》第七条（征求意见稿）",
    "valid_from": "2027-01-01",
    "condition": {
        "all": [
            {"text": "enterprise.exports_last_year >= 5000"},
            {"text": "years_since(enterprise.founded_on) < 5"},
            {"not": "enterprise.abnormal"},
        ]
    },
    "results": {
        "amount": {
            "base": "enterprise.exports_last_year >= 1000000000 ? 30000000 : 10000000",
        }
    },
}
