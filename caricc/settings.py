"""Every setting that an installation may change is read from the environment; docs/administrators.md lists them."""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    return text(name).lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value}.")
    return int(value)


# Commands that serve nobody and sign nothing do without a key; each process makes one that is worth nothing after it.
WITHOUT_KEY = {"makemigrations", "makemessages", "compilemessages", "evaluate_names"}

DEBUG = flag("DEBUG")
SECRET_KEY = text("SECRET_KEY")
if not SECRET_KEY and Path(sys.argv[0]).name == "manage.py" and WITHOUT_KEY & set(sys.argv[1:2]):
    SECRET_KEY = secrets.token_urlsafe(64)
ALLOWED_HOSTS = words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

if DEBUG:
    SECRET_KEY = SECRET_KEY or "only-for-development-" + "0123456789" * 4
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]", "testserver"]
else:
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("only-for-development"):
        raise ImproperlyConfigured("SECRET_KEY is missing or weak: set it to at least 50 random characters.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts that this site answers for; * is refused.")

INSTALLED_APPS = [
    "caricc",
    "contacts",
    "events",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "caricc.apps.RegisterAdminConfig",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "django_countries",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "caricc.middleware.private_responses",
    "caricc.middleware.whole_page_to_sign_in",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "caricc.middleware.locale_from_choice",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "caricc.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "caricc.urls"
WSGI_APPLICATION = "caricc.wsgi.application"

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
                "caricc.context.shell",
            ],
            "builtins": ["caricc.templatetags.register"],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": dj_database_url.config(
        env="DATABASE_URL",
        default=f"sqlite:///{VAR_DIR / 'register.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Compiling a query of many small counts takes PostgreSQL longer than answering it.
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options["options"] = f"-c jit=off {options.get('options', '')}".strip()
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
        }
    )


def standby_of(primary: Any, address: str) -> Any:
    """A standby as it is connected with: like its primary, soon given up where it does not answer."""
    found = dj_database_url.parse(address, conn_max_age=60, conn_health_checks=True)
    if {primary["ENGINE"], found["ENGINE"]} != {"django.db.backends.postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_REPLICA_URL names a standby of PostgreSQL, and DATABASE_URL its primary: both must be postgres://..."
        )
    own = found.get("OPTIONS", {})
    found["OPTIONS"] = {
        "connect_timeout": 2, "tcp_user_timeout": 3000, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2,
        **own,
        "options": f"{primary['OPTIONS']['options']} -c default_transaction_read_only=on {own.get('options', '')}".strip(),
    }  # fmt: skip
    return {**found, "TEST": {"MIRROR": "default"}}


# How long a page waits for the standby to get where the primary is, in milliseconds; then the primary answers.
DATABASE_REPLICA_WAIT = number("DATABASE_REPLICA_WAIT", 100)
# Apps and models, in small letters: what says who somebody is, and what they may, is read where it is changed.
READ_ON_PRIMARY = {
    "auth", "contenttypes", "sessions", "django_cache",
    "caricc.user", "caricc.user_groups", "caricc.apitoken", "caricc.calendarfeed",
}  # fmt: skip
if text("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = standby_of(DATABASES["default"], text("DATABASE_REPLICA_URL"))
    DATABASE_ROUTERS = ["caricc.lib.reading.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What outlives a request and is no record, such as sessions, is kept where all processes see it: in Redis where one is
# named, else in the database; never in the memory of one process.
if text("REDIS_URL"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": text("REDIS_URL"),
            "KEY_PREFIX": "register",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }
    SESSION_ENGINE = "caricc.lib.sessions"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "caricc_cache"}}

AUTH_USER_MODEL = "caricc.User"
AUTHENTICATION_BACKENDS = ["caricc.lib.rights.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = text("LANGUAGE_CODE", "en")
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LOCALE_PATHS = [BASE_DIR / "caricc" / "locale"]
COUNTRIES_OVERRIDE = {"KG": _("Kyrgyzstan")}  # so that the state is called in Russian what it calls itself
TIME_ZONE = text("TIME_ZONE", "Asia/Almaty")
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["caricc.formats"]
FIRST_DAY_OF_WEEK = 1

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = text("MEDIA_ROOT", str(VAR_DIR / "media"))
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# Mail goes to the console until a server is named. `SITE_URL` begins the links in it.
EMAIL_HOST = text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = number("EMAIL_PORT", 587)
EMAIL_HOST_USER = text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = bool(EMAIL_HOST) and not flag("EMAIL_PLAIN")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("DEFAULT_FROM_EMAIL", "register@localhost")
SITE_URL = text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

# An event with 150 delegations and a person in each is about 3,500 fields; with 1,000 of each, the most that the form
# takes, about 20,500.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 60 * 60
if not DEBUG:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = not flag("BEHIND_PLAIN_HTTP")
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "caricc.lib.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["caricc.lib.rights.ModelRights"],
    "DEFAULT_FILTER_BACKENDS": ["caricc.lib.api_shell.QuestionBackend"],
    "DEFAULT_PAGINATION_CLASS": "caricc.lib.api_shell.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["caricc.lib.api_shell.WholeTextParser"],
    "DEFAULT_SCHEMA_CLASS": "caricc.lib.schema.RegisterSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "caricc.lib.api_shell.JSONAlways",
    "EXCEPTION_HANDLER": "caricc.lib.api_shell.answer",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CARICC Register",
    "DESCRIPTION": "Meetings, delegations, partners and promises: the same questions as the pages, as data.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "EventKindEnum": "events.choices.EventKind.choices",
        "EventStatusEnum": "events.choices.EventStatus.choices",
        "EventFormatEnum": "events.choices.EventFormat.choices",
        "OrganizationKindEnum": "contacts.choices.OrganizationKind.choices",
        "OutcomeKindEnum": "events.choices.OutcomeKind.choices",
        "CommitmentStatusEnum": "events.choices.CommitmentStatus.choices",
        "CaseStatusEnum": "events.choices.CaseStatus.choices",
        "CaseRoleEnum": "events.choices.CaseRole.choices",
        "DelegationRoleEnum": "events.choices.DelegationRole.choices",
        "DelegateRoleEnum": "events.choices.DelegateRole.choices",
        "GroupEnum": "events.choices.Group.choices",
        "LanguageEnum": "contacts.choices.Language.choices",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "caricc.lib.logs.WithoutSecrets"}},
    "formatters": {
        "server": {"()": "django.utils.log.ServerFormatter", "format": "[{server_time}] {message}", "style": "{"}
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["without_secrets"]},
        "server": {"class": "logging.StreamHandler", "filters": ["without_secrets"], "formatter": "server"},
    },
    "loggers": {
        "django.request": {"filters": ["without_secrets"]},
        "django.server": {"handlers": ["server"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
