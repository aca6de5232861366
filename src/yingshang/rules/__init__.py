"""The rule language and its evaluators: one text, several uses, the same answer in all of them.

A typed subset of CEL (the Common Expression Language, google/cel-spec) over the facts of a subject
as of a date, three-valued: what is not known stays unknown and is named. The same text explains one
subject, decides many rules for one subject and matches many rules with many subjects by columns.
Pure Python over numpy and Arrow; it knows no framework, stores nothing and reaches nothing but the
facts that it is given.
"""
