"""The officials' pages: the register of licences, official documents, their service, the seals."""

from yingshang.licences.desk import documents, register, seals, servings  # noqa: F401
