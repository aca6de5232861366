"""How people type and read dates and numbers; browsers' date fields need the ISO form first."""
