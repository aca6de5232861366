"""The portal (门户): the public and enterprise side; it only assembles what domains registered."""
