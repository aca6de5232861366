"""The WSGI entry point for production servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
application = get_wsgi_application()

# What was loaded by now stays for good: the collector need not walk through it with every full turn.
gc.collect()
gc.freeze()
