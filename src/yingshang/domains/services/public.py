"""What other domains may use of services: public notices for their own cases, and submissions in words.

A procedure of another domain publishes by the effect ``services.publish_notice`` and ends by
``services.end_notice``, as services do; what its notices say comes from the source that the domain adds
to :data:`NOTICE_VALUES` under the procedure's key.
"""

from yingshang.domains.services.applying.presenting import answers_shown, materials_shown
from yingshang.domains.services.notices.names import NOTICE, PUBLISH
from yingshang.domains.services.notices.objecting import lodge_objection
from yingshang.domains.services.notices.presenting import NoticeHandled, notices_handled
from yingshang.domains.services.notices.publishing import end_notices
from yingshang.domains.services.notices.reading import notices_of
from yingshang.domains.services.notices.sources import NOTICE_VALUES, Listed, NoticeSource

__all__ = [
    "NOTICE",
    "NOTICE_VALUES",
    "PUBLISH",
    "Listed",
    "NoticeHandled",
    "NoticeSource",
    "answers_shown",
    "end_notices",
    "lodge_objection",
    "materials_shown",
    "notices_handled",
    "notices_of",
]
