"""Settings of one installation; everything that differs between places is an environment variable.

``YINGSHANG_DATA_DIR``      where files, keys and the embedded database lie (default ``var`` in the checkout)
``YINGSHANG_DATABASE_URL``  ``postgresql://user:password@host:port/name``; without it SQLite in the data folder
``YINGSHANG_LEDGER_KEY``    the ledger's private key (default ``ledger/key.pem`` in the data folder)
``YINGSHANG_HOSTS``         host names served, separated by commas
``YINGSHANG_DEMO``          ``1`` shows the demonstration accounts on the login page
``YINGSHANG_HTTPS``         ``1`` behind TLS: secure cookies and HSTS
``YINGSHANG_TRUSTED_PROXY`` address of the proxy whose ``X-Forwarded-For`` and ``-Proto`` are believed
                            (default ``127.0.0.1`` with ``YINGSHANG_HTTPS=1``, else none)
``YINGSHANG_DISTRICT``      the district's name in the heading (``YINGSHANG_DISTRICT_EN`` in English)
``YINGSHANG_DIVISION``      code of the district served (GB/T 2260); else that of its leading organ
``YINGSHANG_CONTENT``       further folders of packs, separated by ``:``
``YINGSHANG_OUTSIDE_SECRETS``  folder of the outside bodies' secrets (default ``outside`` in the data folder)
``YINGSHANG_OUTSIDE_ADDRESSES``  where outside bodies are reached: ``bank=https://…,tax-bureau=https://…``
``YINGSHANG_OUTSIDE_CALLBACK_URL``  where simulated bodies call back over HTTP; without it in-process
``YINGSHANG_PUBLIC_ADDRESS`` what stands before the path in QR codes, such as ``https://ys.example.gov.cn``
``YINGSHANG_SCAN_COMMAND``  reads an uploaded file from its standard input; ends with 1 for a harmful one
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django_stubs_ext

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent.parent
DATA_DIR = Path(os.environ.get("YINGSHANG_DATA_DIR", CHECKOUT / "var")).resolve()
DEMO = os.environ.get("YINGSHANG_DEMO") == "1"
HTTPS = os.environ.get("YINGSHANG_HTTPS") == "1"
TRUSTED_PROXY = os.environ.get("YINGSHANG_TRUSTED_PROXY", "127.0.0.1" if HTTPS else "")
DEBUG = os.environ.get("YINGSHANG_DEBUG") == "1"
TESTING = os.environ.get("YINGSHANG_TESTING") == "1"
DISTRICT_NAME = os.environ.get("YINGSHANG_DISTRICT", "")
DISTRICT_NAME_EN = os.environ.get("YINGSHANG_DISTRICT_EN", "") or DISTRICT_NAME
DIVISION = os.environ.get("YINGSHANG_DIVISION", "")
BUILT_CONTENT = PACKAGE / "shipped"
"""The packs in an installed package; a checkout has them in ``content`` (see kernel.shipped)."""
CONTENT_DIRS = [BUILT_CONTENT if BUILT_CONTENT.is_dir() else CHECKOUT / "content"] + [
    Path(folder) for folder in os.environ.get("YINGSHANG_CONTENT", "").split(":") if folder
]


def _secret_key() -> str:
    """Return this installation's key, made once and kept in the data folder with mode 0600."""
    if TESTING:
        return "only-for-tests"
    if given := os.environ.get("YINGSHANG_SECRET_KEY"):
        return given
    path = DATA_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def _database() -> dict[str, Any]:
    """Return the connection: PostgreSQL where an address is given, else SQLite in WAL mode.

    Tests use a file too: an in-memory database has one connection and shows no lock.

    SQLite begins every transaction IMMEDIATE: a deferred one that turns into a writer fails at once
    with "database is locked" when another process writes, however long the time-out is.
    """
    address = os.environ.get("YINGSHANG_DATABASE_URL", "")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "yingshang.sqlite3",
            "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,  # seconds; loading a million values writes for half a minute
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "")
        or dict([p.split("=", 1) for p in parts.query.split("&") if "=" in p]).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A page's queries are short: compiling one, or starting processes for it, outlasts its answer.
        "OPTIONS": {"options": "-c jit=off -c max_parallel_workers_per_gather=0"},
    }


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = [
    h
    for h in os.environ.get("YINGSHANG_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
    if h
]
CSRF_FAILURE_VIEW = "yingshang.web.errors.csrf_failed"
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("YINGSHANG_ORIGINS", "").split(",") if o]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "yingshang.ledger",
    "yingshang.draws",
    "yingshang.parties",
    "yingshang.jobs",
    "yingshang.content",
    "yingshang.search",
    "yingshang.documents",
    "yingshang.messages",
    "yingshang.facts",
    "yingshang.rulebook",
    "yingshang.licences",
    "yingshang.forms",
    "yingshang.outside",
    "yingshang.cases",
    "yingshang.web",
    "yingshang.domains.plans",
    "yingshang.domains.administration",
    "yingshang.domains.exchange",
    "yingshang.domains.services",
    "yingshang.domains.counters",
    "yingshang.domains.matching",
    "yingshang.domains.claims",
    "yingshang.domains.policies",
    "yingshang.domains.checkups",
    "yingshang.domains.funds",
    "yingshang.portal",
    "yingshang.desk",
    "yingshang.api",
]

MIDDLEWARE = [
    "yingshang.web.middleware.HeadMiddleware",
    "yingshang.web.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yingshang.web.middleware.ActorMiddleware",
    "yingshang.web.middleware.DomainErrorMiddleware",
    "yingshang.web.middleware.ReadableTextMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yingshang.urls"
WSGI_APPLICATION = "yingshang.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "yingshang.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "yingshang.web.templatetags.web",
            ],
        },
    }
]
FORM_RENDERER = "yingshang.web.forms.Renderer"

AUTH_USER_MODEL = "parties.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "yingshang.parties.accounts.AccountBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        *(["yingshang.parties.hashing.PublishedPasswordHasher"] if DEMO else []),
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "portal:home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
LOGIN_FAILURES_PER_NAME = 30
LOGIN_FAILURES_PER_ADDRESS = 100
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "yingshang.web.login.locked_out"
AXES_SENSITIVE_PARAMETERS = ["password"]
AXES_VERBOSE = False

SESSION_ENGINE = "yingshang.web.session_store"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
FORMAT_MODULE_PATH = "yingshang.web.formats"
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = None if TESTING else DATA_DIR / "static"  # tests are served from the sources
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "jpg", "woff2", "gz"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

API_REQUESTS_PER_MINUTE = 600
API_REQUESTS_OF_STRANGERS = 120
"""In a minute in one process: of one account under one mandate, and of one address without either."""

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

SCAN_COMMAND = os.environ.get("YINGSHANG_SCAN_COMMAND", "")

OUTSIDE_SECRETS_DIR = Path(os.environ.get("YINGSHANG_OUTSIDE_SECRETS", DATA_DIR / "outside"))
OUTSIDE_ADDRESSES = dict(
    pair.strip().split("=", 1)
    for pair in os.environ.get("YINGSHANG_OUTSIDE_ADDRESSES", "").split(",")
    if "=" in pair
)
OUTSIDE_CALLBACK_URL = os.environ.get("YINGSHANG_OUTSIDE_CALLBACK_URL", "")
PUBLIC_ADDRESS = os.environ.get("YINGSHANG_PUBLIC_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
LICENCES_DIR = DATA_DIR / "licences"

LEDGER_DIR = DATA_DIR / "ledger"
LEDGER_KEY_FILE = Path(os.environ.get("YINGSHANG_LEDGER_KEY", LEDGER_DIR / "key.pem"))
LEDGER_HASH = "sha-256"
LEDGER_PUBLISHERS: list[str] = []
LEDGER_MAX_MERGE_DELAY_SECONDS = 60

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"yingshang": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
