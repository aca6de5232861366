"""Each domain adds words, procedures and pages over the shared mechanisms; domains meet only through ``public`` modules."""
