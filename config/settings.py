"""Settings, all from the environment; the defaults are the embedded installation under `var/`."""

import secrets
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Makes Django's generic classes subscriptable at run time, as the type checker reads them.
django_stubs_ext.monkeypatch()

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _own_secret_key() -> str:
    """A key made once for the embedded installation, readable by its owner only."""
    path = VAR_DIR / "secret_key"
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


# What the environment does not set is the embedded installation: one machine, HTTP, demo data.
EMBEDDED = not env.str("DATABASE_URL", "")
DEMO = env.bool("DEMO", EMBEDDED)
DEMO_AGENCY, DEMO_PASSWORD = "so-noi-vu-lang-son", "ThiDua@2025"
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or _own_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address printed on every issued paper: it has to lead here for as long as the paper lives.
SITE_URL = env.str(
    "SITE_URL",
    f"http://localhost:{env.str('PORT', '8000')}" if EMBEDDED else f"https://{ALLOWED_HOSTS[0]}",
).rstrip("/")
# Web servers in front, whose word on the address of a client is taken (addresses or networks).
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "emulation",
    "campaigns",
    "awards",
    "dossiers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "emulation.middleware.KeepUnsavedText",
    "emulation.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "emulation.context_processors.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

if EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "thi_dua.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }
else:
    DATABASES = {"default": env.db("DATABASE_URL")}
    DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", 60))
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "emulation.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "emulation.forms.passwords.MinimumLength",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "emulation.views.csrf_failure"
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", 8 * 60 * 60)

# Plain HTTP is for the embedded installation on its own machine only.
HTTPS = env.bool("HTTPS", not EMBEDDED)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^suc-khoe/$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # the preload list is for sites known to everybody
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = [
    "dossiers.views.verification.HashOnly",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# One attachment; the office may lower it, its web server must allow a little more.
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", 50 * 1024 * 1024)
# A file that somebody compares with an issued one: a bound dossier is larger than its parts.
VERIFIED_MAX_BYTES = env.int("VERIFIED_MAX_BYTES", 200 * 1024 * 1024)

# The file that lists the keys for digital signatures; nobody signs without it.
SIGNING_KEYS = env.str("SIGNING_KEYS", "")
if EMBEDDED and DEMO and not SIGNING_KEYS:
    # Made at the first start, see `manage.py make_demo_keys`.
    _demo_keys = VAR_DIR / "signing" / "signing.toml"
    SIGNING_KEYS = str(_demo_keys) if _demo_keys.exists() else ""

EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
if EMBEDDED and not env.str("EMAIL_URL", ""):
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "thi-dua@localhost")

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem"):
    _queue = VAR_DIR / "queue"
    (_queue / "control").mkdir(parents=True, exist_ok=True)
    (_queue / "messages").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "polling_interval": 0.1,
    }
# Counts attempts, so adding and counting must be one step: Redis does it for any number of
# machines, the locked files for all processes of one.
if CELERY_BROKER_URL.startswith("redis"):
    CACHES = {
        "default": {
            "BACKEND": "config.caches.PatientRedisCache",
            "LOCATION": CELERY_BROKER_URL,
            "KEY_PREFIX": "thi-dua",
            "TIMEOUT": 60 * 60,
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "config.caches.LockedFileCache",
            "LOCATION": VAR_DIR / "cache",
            "TIMEOUT": 60 * 60,
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    }
# What somebody waits for at the screen never stands behind a batch: each queue has its own workers.
# A worker that is started without naming a queue serves both.
CELERY_TASK_QUEUES = {
    name: {"exchange": name, "routing_key": name} for name in ("previews", "documents")
}
CELERY_TASK_DEFAULT_QUEUE = "previews"
CELERY_TASK_IGNORE_RESULT = True
# Nobody waits at a page for a broker that is away: the schedule finds the rows again.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# Nobody wants yesterday's rounds: a round that no worker took up before the next one is dropped.
CELERY_BEAT_SCHEDULE = {
    "resume documents": {
        "task": "dossiers.resume_documents",
        "schedule": env.float("RESUME_SECONDS", 15.0),
        "options": {"expires": 15},
    }
}
# A worker that has not been heard of for this long is taken for lost, and so is what it held;
# one that lives says so several times meanwhile, however long its document takes (seconds).
DOCUMENT_LEASE = env.int("DOCUMENT_LEASE", 60)
# A document that is not there after this time is given up, with the reason (seconds) …
DOCUMENT_TIME_LIMIT = env.int("DOCUMENT_TIME_LIMIT", 600)
# … and a worker that does not even get to saying so is stopped. Nothing is to be saved then: the
# rows tell what it held.
CELERY_TASK_TIME_LIMIT = DOCUMENT_TIME_LIMIT + 60

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
