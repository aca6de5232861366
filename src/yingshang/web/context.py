"""What the shell of every page needs: the face, its navigation, who acts, how it is shown.

Everything is worked out only when a template asks for it.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingshang.kernel.times import today
from yingshang.parties.actors import ANONYMOUS, Actor
from yingshang.parties.models import Account, Mandate
from yingshang.parties.selectors import ONESELF, list_mandates_of
from yingshang.web import dates
from yingshang.web.head import HeadLink, head_links_for
from yingshang.web.routes import PAGES, Page
from yingshang.web.themes import theme_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

HOMES = {"desk": "desk:home", "portal": "portal:home"}


@dataclass(frozen=True)
class Entry:
    """A link of the shell; ``href`` is empty where the page has no address of its own."""

    label: "_StrOrPromise"
    href: str
    current: bool = False


MOST_UNFOLDED: Final = 16
"""Up to so many entries the desk's navigation shows all; of more it unfolds the group one is in."""


@dataclass(frozen=True)
class Group:
    """Entries of the navigation under one heading, which may be folded."""

    label: "_StrOrPromise"
    entries: list[Entry]

    @property
    def current(self) -> bool:
        """Tell whether the page stands in this group."""
        return any(entry.current for entry in self.entries)


class Shell:
    """The frame of one page for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor: Actor = getattr(request, "actor", ANONYMOUS)
        self.page: Page | None = getattr(request, "page", None)

    @cached_property
    def face(self) -> str:
        """Return ``desk`` or ``portal``; pages of neither are shown in the one where the actor works."""
        if self.page is not None and self.page.face != "system":
            return self.page.face
        in_desk = self.request.path_info.startswith("/desk/") or self.page is not None
        return "desk" if self.actor.is_official and in_desk else "portal"

    @property
    def base(self) -> str:
        """Return the base template of the face."""
        return f"web/{self.face}.html"

    @property
    def is_chinese(self) -> bool:
        """Tell whether the page is shown in Chinese."""
        return not (get_language() or "").startswith("en")

    @property
    def theme(self) -> str:
        """Return ``light``, ``dark`` or ``auto``."""
        return theme_of(self.request)

    @property
    def district(self) -> str:
        """Return the name of the district that this installation serves; may be empty."""
        return str(settings.DISTRICT_NAME if self.is_chinese else settings.DISTRICT_NAME_EN)

    @property
    def today(self) -> str:
        """Return today's date with the day of the week, in Shanghai."""
        return dates.day_and_weekday(today())

    @property
    def site(self) -> str:
        """Return the name of the whole site."""
        if not self.district:
            return _("营商环境服务平台")
        return _("%(district)s营商环境服务平台") % {"district": self.district}

    @property
    def portal_search(self) -> str:
        """Return the address of the public search, or nothing while there is none."""
        return self._address("portal:search")

    @property
    def desk_search(self) -> str:
        """Return the address of the desk's search, or nothing while there is none."""
        return self._address("desk:search")

    @cached_property
    def head_links(self) -> list[HeadLink]:
        """Return the short links that packages put into the head."""
        return head_links_for(self.actor)

    @cached_property
    def portal_navigation(self) -> list[Group]:
        """Return the portal's navigation for this actor: what is for all, then what is one's own."""
        return self._navigation("portal")

    @cached_property
    def desk_navigation(self) -> list[Group]:
        """Return the desk's navigation for this actor, in groups."""
        return self._navigation("desk")

    @cached_property
    def desk_menu(self) -> str:
        """Return the desk's navigation as markup, which stands on the page twice: for a phone and beside."""
        groups = self.desk_navigation
        if sum(len(group.entries) for group in groups) <= MOST_UNFOLDED:
            unfolded = groups
        else:
            headed = [group for group in groups if group.label]
            unfolded = [group for group in headed if group.current] or headed[:1]
        given = {"groups": groups, "unfolded": unfolded}
        return render_to_string("web/shell/navigation.html", given)

    @cached_property
    def mandates(self) -> list[Mandate]:
        """Return the mandates that the account may choose from."""
        if (read := getattr(self.request, "mandates", None)) is not None:
            return list(read)
        user = getattr(self.request, "user", None)
        return list_mandates_of(user) if isinstance(user, Account) else []

    @cached_property
    def mandate(self) -> Mandate | None:
        """Return the mandate under which the actor acts."""
        return next((m for m in self.mandates if m.pk == self.actor.mandate_id), None)

    @cached_property
    def party(self) -> str:
        """Return the name of whom the actor acts for, in the reader's language where there is one."""
        return self._party_of(self.mandate) if self.mandate else self.actor.party_name

    @cached_property
    def other_parties(self) -> list[tuple[str, str]]:
        """Return reference and party of the mandates to which the actor may switch, oneself at the end."""
        others = [m for m in self.mandates if m.pk != self.actor.mandate_id]
        found = [(mandate.ref, self._party_of(mandate)) for mandate in others]
        if self.actor.mandate_id is not None:
            found.append((ONESELF, _("本人（%(name)s）") % {"name": self.actor.name}))
        return found

    def _party_of(self, mandate: Mandate) -> str:
        if mandate.organ and mandate.organ.name_en and not self.is_chinese:
            return mandate.organ.name_en
        return str(mandate.organ or mandate.subject)

    @cached_property
    def role_labels(self) -> str:
        """Return the names of the roles under the present mandate."""
        chosen = self.mandate
        if chosen is None:
            return ""
        roles = chosen.held_roles
        if self.is_chinese:
            return "、".join(role.label for role in roles)
        return ", ".join(role.label_en or role.label for role in roles)

    @cached_property
    def crumbs(self) -> list[Entry]:
        """Return the pages above this one, from the face's home down."""
        if self.page is None or self.page.name == HOMES[self.face]:
            return []
        above = [p for p in self._ancestors(self.page) if p.name != HOMES[self.face]]
        home = PAGES.find(HOMES[self.face])
        chain = ([home] if home else []) + above[::-1]
        return [Entry(p.title, self._address(p.name)) for p in chain]

    def _ancestors(self, page: Page) -> Iterator[Page]:
        above = PAGES.find(page.parent) if page.parent else None
        while above is not None:
            yield above
            above = PAGES.find(above.parent) if above.parent else None

    def _nearest_in_navigation(self) -> str:
        """Return the page itself if the navigation names it, else the nearest above it that it names."""
        if self.page is None:
            return ""
        chain = [self.page, *self._ancestors(self.page)]
        return next((page.name for page in chain if page.navigation), "")

    def _navigation(self, face: str) -> list[Group]:
        current = self._nearest_in_navigation()
        groups: dict[str, list[tuple[int, Entry]]] = {}
        labels: dict[str, _StrOrPromise] = {}
        for _name, page in PAGES:
            place = page.navigation
            if place is None or page.face != face or not page.access.allows(self.actor):
                continue
            key = str(place.group)
            labels[key] = place.group
            entry = Entry(place.label, self._address(page.name), page.name == current)
            groups.setdefault(key, []).append((place.order, entry))
        ordered = sorted(
            groups, key=lambda key: (key != "", min(order for order, _e in groups[key]))
        )
        return [
            Group(labels[key], [e for _order, e in sorted(groups[key], key=lambda pair: pair[0])])
            for key in ordered
        ]

    def _address(self, name: str) -> str:
        page = PAGES.find(name)
        if page is None or not page.access.allows(self.actor):
            return ""
        if not page.has_parameters:
            return fixed_address(name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
        match = self.request.resolver_match
        given = match.kwargs if match else {}
        known = {
            key: value
            for key, value in given.items()
            if f":{key}>" in page.route or f"<{key}>" in page.route
        }
        try:
            return reverse(name, kwargs=known)
        except NoReverseMatch:
            return ""


@lru_cache(maxsize=1024)
def fixed_address(name: str, prefix: str, urls: str) -> str:
    """Return the address of a page without parameters, of which the frame of every page shows dozens."""
    with suppress(NoReverseMatch):
        return reverse(name, urls)
    return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the base templates."""
    frame = Shell(request)
    return {"actor": frame.actor, "page": frame.page, "shell": frame, "demo": settings.DEMO}
