"""Where the pages stand in the desk's navigation."""

from django.utils.translation import gettext_lazy as _

GROUP = _("证照与文书")
