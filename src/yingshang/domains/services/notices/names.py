"""What public notices are called among kinds of content, effects and fields."""

NOTICE = "public_notice"
PUBLISH = "services.publish_notice"
"""The effect that a procedure's action names to publish one."""
OBJECTION = "objection"
"""The field in which a case may be told of an objection, by reference."""
