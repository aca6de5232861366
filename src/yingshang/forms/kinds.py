"""Registers the kinds of content that forms understand."""

from yingshang.forms.definition import Form, Material
from yingshang.forms.linting import lint_form, lint_material
from yingshang.kernel.kinds import KINDS, Kind

FORM, MATERIAL = "form", "material"

KINDS.add(MATERIAL, Kind(MATERIAL, "materials", Material, lint_material))
KINDS.add(FORM, Kind(FORM, "forms", Form, lint_form, after=(MATERIAL,)))
