"""The named actions: who may do what to licences and documents."""

from yingshang.licences.actions import copies, documents, licences, renditions, seals, servings  # noqa: F401
