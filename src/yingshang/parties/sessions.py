"""Sessions that ended are swept away."""

from importlib import import_module

from django.conf import settings


def clear_expired() -> None:
    """Delete expired sessions from the store."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
