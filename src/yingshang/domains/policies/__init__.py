"""Policies and what they promise. So far only the reading of a policy's wording, which proposes and never decides."""
