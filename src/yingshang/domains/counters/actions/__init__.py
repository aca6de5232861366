"""Named actions at the counters."""
