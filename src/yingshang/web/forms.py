"""Forms with labels, hints and errors that assistive technology can follow."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.forms.renderers import TemplatesSetting

from yingshang.kernel.errors import DomainError
from yingshang.web.errors import sentence


class Renderer(TemplatesSetting):
    """Renders forms with our own templates: label, hint, error, input; errors linked to their input."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


def show_refusal(form: BaseForm, error: DomainError) -> None:
    """Put a refused action's sentence beside the field at fault, or at the head of the form."""
    field: Any = error.field if error.field in form.fields else None
    form.add_error(field or NON_FIELD_ERRORS, sentence(error))
