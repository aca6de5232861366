"""Where a message may lead: to pages of this platform and nowhere else."""

from django.urls import Resolver404, resolve

from yingshang.messages.errors import NotOurPage


def check_address(href: str) -> str:
    """Return a path from our root (or nothing) as it is; raises :class:`NotOurPage` for anything else.

    Browsers take ``//host`` and ``/\\host`` for other sites, and drop line ends and tabs.
    """
    if href and (not href.startswith("/") or href[1:2] in ("/", "\\") or not href.isprintable()):
        raise NotOurPage(params={"href": href[:80]})
    return href


def is_our_page(href: str) -> bool:
    """Tell whether a path leads to a page that exists here."""
    try:
        resolve(href.partition("#")[0].partition("?")[0])
    except Resolver404:
        return False
    return True
