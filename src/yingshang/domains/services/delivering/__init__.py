"""How what is issued reaches whoever applied: electronically, at a counter, by post; served, with receipt.

The applicant chooses (:mod:`.choosing`); each document and licence of a case is then served
electronically at once, or laid out at the chosen hall, or waits for the organ to post it
(:mod:`.serving`). Being served can move the case, from which its limits run.
"""
