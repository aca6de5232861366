"""Several services as one matter (高效办成一件事、一业一证): one form, one set of materials, one hand-in."""
