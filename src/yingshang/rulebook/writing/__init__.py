"""Changing the text of a rule in place: spans of the document are replaced, the rest stays byte for byte.

Every change is checked by reading the document again: what it says must be what was meant, no more and
no less. A change that the layout does not allow is refused, and the text is left to be typed.
"""
