"""The platform as a browser sees it: accessibility, content policy, width, keyboard, no script."""
