"""Service halls (政务服务大厅): windows, queue, booking, and what is handed in and out at them.

Tickets are many, short-lived and bound by no statutory clock, so that they are no cases: their trail is
a small table of events of their own, from which a replay makes every ticket's state. What an applicant
asks for at the window is a case; the receipt only says what was handed in and to whom it went.
"""
