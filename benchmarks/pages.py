"""Server time of every page without parameters, in the demonstration, as the plan officer sees it."""

from benchmarks import Measured, benchmark
from benchmarks._database import make_database
from benchmarks.timing import median_seconds

LONGEST_SECONDS = 0.5


@benchmark("pages.demonstration")
def pages() -> list[Measured]:
    """Time the whole request, middleware and database included; each page must answer in half a second."""
    make_database()
    from django.urls import reverse

    from tests.demonstration import actor_of, build_demonstration, client_of
    from yingshang.web.routes import PAGES

    build_demonstration()
    actor, client = actor_of("plan"), client_of("plan")
    figures = []
    for name, page in PAGES:
        if page.has_parameters or "GET" not in page.methods or not page.access.allows(actor):
            continue
        address = reverse(name)
        seconds = median_seconds(lambda address=address: client.get(address), rounds=3)
        figures.append(Measured(f"{name} ({address})", seconds, limit=LONGEST_SECONDS))
    return figures
