"""Names as the public page shows them: a person's partly, a firm's whole (个人信息保护法第六条)."""


def masked_name(name: str, subject_type: str | None) -> str:
    """Return 王*明 for 王小明 and 李* for 李明; a firm's name as it is."""
    if subject_type != "person" or not name:
        return name
    if len(name) <= 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
