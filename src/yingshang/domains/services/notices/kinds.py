"""Registers public notices as a kind of content."""

from yingshang.domains.services.catalogue.names import ITEM
from yingshang.domains.services.notices.declaring import PublicNotice
from yingshang.domains.services.notices.linting import lint_notice
from yingshang.domains.services.notices.names import NOTICE
from yingshang.kernel.kinds import KINDS, Kind

KINDS.add(NOTICE, Kind(NOTICE, "public_notices", PublicNotice, lint_notice, after=(ITEM,)))
