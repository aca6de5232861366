"""Light, dark, or as the visitor's system says; kept in a cookie that holds nothing else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest) -> str:
    """Return the visitor's choice; anything unknown means ``auto``."""
    chosen = request.COOKIES.get(COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def keep_choice(response: HttpResponse, cookie: str, value: str) -> None:
    """Keep a choice of display for a year."""
    response.set_cookie(
        cookie, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
