"""Names as the public page shows them: a person's partly, a firm's whole (个人信息保护法第六条)."""

LONGEST_NAME = 4
"""Characters of a Chinese personal name at most; one with a middle dot is told by that."""


def masked_name(name: str, subject_type: str | None) -> str:
    """Return 王*明 for 王小明 and 李* for 李明; a firm's name as it is.

    An addressee who is no subject has no type: a name short enough for a person's is masked too.
    """
    personal = subject_type == "person" or (
        subject_type is None and (len(name) <= LONGEST_NAME or "·" in name)
    )
    if not personal or not name:
        return name
    if len(name) <= 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
