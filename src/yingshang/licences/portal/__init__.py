"""The public page of verification, and the holder's own licences, copies and documents."""

from yingshang.licences.portal import copies, documents, licences, mine, verification  # noqa: F401
