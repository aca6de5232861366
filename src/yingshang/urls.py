"""The address table, assembled from the pages and operations that every package registered."""

from yingshang.api.routes import collect as collect_operations
from yingshang.web.routes import collect

urlpatterns = [*collect_operations(), *collect()]
handler400 = "yingshang.web.errors.bad_request"
handler403 = "yingshang.web.errors.forbidden"
handler404 = "yingshang.web.errors.missing"
handler500 = "yingshang.web.errors.broken"
