"""Applying for a service: a form becomes a case, the case a decision, the decision a licence."""
