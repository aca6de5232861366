"""Cases (办件): what is being done, by whom, until when.

A procedure is content: states, typed fields, actions, clocks. A case is an append-only log of events,
pinned to the version of its procedure; its state, holder, data, deadlines and who may see it are
projections that replaying the events reproduces exactly.
"""
