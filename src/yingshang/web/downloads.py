"""Handing out files: always as a download, never shown inside our pages."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(content: bytes | str, filename: str, media_type: str) -> HttpResponse:
    """Return a file under its name, Chinese ones included (RFC 6266)."""
    response = HttpResponse(content, content_type=media_type)
    header = content_disposition_header(as_attachment=True, filename=filename)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
