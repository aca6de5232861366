"""Licences and official documents (电子证照与文书): what the district's organs issue, and how it is proved.

A licence is a signed data record with a number of its kind and the identifier of GB/T 36904-2018; a
decision is a signed record with a gap-free number per organ and year. What people print or download is
a rendition of the record, made and sealed after the transaction: the record is the truth, the file is
not. Both are verified by anyone, renewed, suspended and revoked by named actions, copied for a purpose,
and served on whom they concern.

Knows parties, documents and content; cases and services call it and are unknown here.
"""
