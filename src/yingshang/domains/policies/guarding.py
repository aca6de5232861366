"""A text and its rules come in force through the case of their making or amendment, and no other way."""

from yingshang.content.guarding import GUARDS
from yingshang.domains.policies.declaring import PolicyTextDeclaration
from yingshang.domains.policies.errors import TextNeedsItsCase
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.naming import organ_names
from yingshang.kernel.kinds import Declaration
from yingshang.rulebook.declaring import PolicyDeclaration


@GUARDS.named("policies.texts")
def demand_its_case(_kind: str, declared: Declaration) -> None:
    """Raise :class:`TextNeedsItsCase` for a text, and for a rule that rests on one or did until now."""
    text = _text_touched(declared)
    if text is not None:
        organ = organ_names([text.issuer])[text.issuer]
        raise TextNeedsItsCase(params={"title": text.title, "organ": organ})


def _text_touched(declared: Declaration) -> PolicyTextDeclaration | None:
    if isinstance(declared, PolicyTextDeclaration):
        return declared
    if not isinstance(declared, PolicyDeclaration):
        return None
    library = current_library()
    found = library.texts.get(declared.text) or library.of_policy(declared.key)
    return found.declaration if found is not None else None
