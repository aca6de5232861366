"""The words of kinds and states in the reader's language."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingshang.content.models import ContentVersion
from yingshang.content.selectors import current_declarations, declaration_of
from yingshang.licences.models import LicenceState
from yingshang.licences.verifying import BROKEN, NOT_YET, REPLACED, WITHDRAWN

TONES = {
    "valid": "good",
    "suspended": "warn",
    "revoked": "bad",
    "cancelled": "idle",
    "expired": "warn",
    REPLACED: "warn",
    WITHDRAWN: "bad",
    NOT_YET: "warn",
    BROKEN: "bad",
}
SERVING_TONES = {"sent": "active", "served": "good", "failed": "bad"}
SEAL_TONES = {"active": "good", "suspended": "warn", "revoked": "bad"}


def label_of(version: ContentVersion) -> str:
    """Return the name of a kind or template in the reader's language."""
    return _label(declaration_of(version))


def _label(declared: object) -> str:
    english = (get_language() or "").startswith("en")
    name = getattr(declared, "label_en", "") if english else ""
    return str(name or getattr(declared, "label", ""))


def kind_labels() -> dict[str, str]:
    """Return the names of the kinds in force by key."""
    return {key: _label(one) for key, one in current_declarations("licence_kind").items()}


def state_label(state: str) -> str:
    """Return what a state, of a licence or found in verification, is called."""
    further = {
        REPLACED: _("已有新版本"),
        WITHDRAWN: _("已收回"),
        NOT_YET: _("尚未生效"),
        BROKEN: _("数据被改动，不可信"),
    }
    return str(further.get(state) or LicenceState(state).label)
