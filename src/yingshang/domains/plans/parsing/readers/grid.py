"""Tables with merged cells, laid out so that every row has its own value in every column."""

Cell = tuple[str, int, int]
"""Text, columns spanned, rows spanned."""
MAX_COLUMNS = 60


def place_cells(rows: list[list[Cell]]) -> list[tuple[str, ...]]:
    """Return the rows with merged cells repeated in all places that they cover."""
    grid: list[dict[int, str]] = [{} for _ in rows]
    for index, row in enumerate(rows):
        column = 0
        for text, across, down in row:
            while column in grid[index]:
                column += 1
            for below in range(index, min(index + down, len(rows))):
                for offset in range(min(across, MAX_COLUMNS - column)):
                    grid[below].setdefault(column + offset, text)
            column += across
    width = max((max(row, default=-1) + 1 for row in grid), default=0)
    return [tuple(row.get(column, "") for column in range(width)) for row in grid]
