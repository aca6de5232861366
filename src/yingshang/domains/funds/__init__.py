"""Funds (涉企专项资金): budgets, commitments, payments and what comes back, in a double-entry ledger.

A fund is content; its money is postings. Every entry moves whole fen between the accounts of a budget
line and fiscal year and leaves their sum at nought; the balances that are read are projections of it,
and none can be overdrawn on either database. A payment counts as made when the treasury says so, and
one that the bank sends back (退票) is open again. Innovation vouchers (双创券) and what regions owe one
another for them are postings of the same ledger.

Knows outside bodies, parties and content. Claims ask through :mod:`.public` and are unknown here.
"""
