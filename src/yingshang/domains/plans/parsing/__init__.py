"""Reading plan documents as they really are written."""
