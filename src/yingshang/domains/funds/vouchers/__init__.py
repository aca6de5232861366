"""Vouchers (双创券): issued to a firm, redeemed at recognised providers, settled between regions.

What a voucher may be worth is committed when it is issued. A provider of our own region is paid by the
treasury at once; what our firms use elsewhere we owe the partner region, and what its firms use here it
owes us; both are settled by period, the one against the other. All of it is postings of the fund's ledger.
"""
