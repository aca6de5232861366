"""Asking a scanner, where one is set up, whether a file is harmless.

``YINGSHANG_SCAN_COMMAND`` names a command that reads the file from its standard input and ends with 0
for harmless and 1 for harmful, as ``clamdscan --no-summary -`` does. Without it nothing is scanned, and
every attachment says so.
"""

import shlex
import subprocess

from django.conf import settings

from yingshang.documents.errors import FileHarmful, ScannerSilent

SECONDS = 30


def scan(name: str, content: bytes) -> bool:
    """Return whether the content was scanned; raises :class:`FileHarmful`, :class:`ScannerSilent`."""
    command = settings.SCAN_COMMAND
    if not command:
        return False
    try:
        run = subprocess.run(
            shlex.split(command), input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScannerSilent from error
    if run.returncode == 1:
        raise FileHarmful(params={"name": name})
    if run.returncode != 0:
        raise ScannerSilent
    return True
