"""The named actions: who may do what to licences and documents."""

from yingshang.licences.actions import documents, licences  # noqa: F401
