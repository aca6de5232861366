"""The desk (工作台): the officials' side; it only assembles what domains registered."""
