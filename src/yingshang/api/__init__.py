"""The programming interface (接口): a face for programs, beside the portal and the desk.

It authenticates, limits, checks what is sent and writes answers; every operation is a selector or a
named action that some package has declared in its ``api.py`` (see :mod:`yingshang.web.operations`).
Problem details follow RFC 9457, the description is OpenAPI 3.1.
"""
