"""Every named action of the package, imported so that it is registered."""

from yingshang.forms import drafts, expiry, signing, space, submitting

__all__ = ["drafts", "expiry", "signing", "space", "submitting"]
