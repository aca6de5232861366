"""Forms with labels, hints and errors that assistive technology can follow."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders forms with our own templates."""
