"""The record of a draw as a file, with which anybody can make it again."""

import json

from django.http import HttpResponse

from yingshang.draws.drawing import draw_record
from yingshang.draws.models import Result
from yingshang.web.downloads import download


def record_file(result: Result) -> HttpResponse:
    """Return as a file everything that is needed to make a draw again; members stand there by reference."""
    content = json.dumps(draw_record(result), ensure_ascii=False, indent=1).encode()
    return download(content, f"draw-{result.commitment.ref}.json", "application/json")
