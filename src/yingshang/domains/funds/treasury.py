"""What is said to the treasury (国库), an outside body of that sort, and what it may answer."""

PAY = "pay"
"""The message by which a payment is ordered."""
ABOUT = "funds_payment"
"""The sort of thing that such a request is about."""
