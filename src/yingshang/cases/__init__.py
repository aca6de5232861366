"""Cases (事项办理): procedures as data, an append-only event log as the truth, clocks, worklists."""
