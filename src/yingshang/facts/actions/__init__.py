"""What may be done with facts; importing this registers every action."""
