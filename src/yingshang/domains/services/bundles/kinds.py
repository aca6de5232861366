"""Registers bundles as a kind of content."""

from yingshang.domains.services.bundles.declaring import Bundle
from yingshang.domains.services.bundles.linting import lint_bundle
from yingshang.domains.services.bundles.names import BUNDLE
from yingshang.domains.services.bundles.searching import install_bundle
from yingshang.domains.services.catalogue.names import ITEM
from yingshang.kernel.kinds import KINDS, Kind

KINDS.add(BUNDLE, Kind(BUNDLE, "bundles", Bundle, lint_bundle, install_bundle, after=(ITEM,)))
