"""Progress on paper: the printable report (PDF) and the list of tasks as a workbook (xlsx).

Both are made from plain values that the selectors return; nothing here asks a database, so that no
transaction is open while a document is made.
"""
