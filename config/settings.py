"""The one settings file: every setting of the site, read once from the environment."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")

# The site's identity: certificate ids, did:web and the JSON-LD context all name it.
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path:
    raise ImproperlyConfigured("SITE_URL is an origin such as https://touchmark.example")
HTTPS = _site.scheme == "https"
SITE_NAME = env.text("SITE_NAME", "Touchmark")

SECRET_KEY = env.secret("SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY (or SECRET_KEY_FILE) is missing")

VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var" / "site")
ALLOWED_HOSTS = [_site.hostname, *env.words("ALLOWED_HOSTS")]

# The platform's signing key: made by `manage.py make_platform_key`, never on first use.
PLATFORM_KEY_PATH = env.path("PLATFORM_KEY_PATH", VAR_DIR / "keys" / "platform.pem")
PLATFORM_KEY_PASSPHRASE = env.secret("PLATFORM_KEY_PASSPHRASE")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "provenance",
    "tags",
    "memories",
]
if DEMO:
    INSTALLED_APPS.append("config.demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "config.context.site",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """Read sqlite:///path or postgres://user:password@host:port/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            # A thread keeps its connection: opening one costs three PRAGMAs on every page.
            "CONN_MAX_AGE": None,
            "NAME": parts.path if parts.path.startswith("//") else parts.path[1:],
            "OPTIONS": {
                # IMMEDIATE takes the write lock at once, so that a racing writer waits, not fails.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path[1:],
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            # A connection per request was measured fifteen times slower than a pool.
            "OPTIONS": {"pool": {"min_size": 1, "max_size": env.number("DATABASE_POOL_SIZE", 8)}},
        }
    raise ImproperlyConfigured("DATABASE_URL starts with sqlite:/// or postgres://")


DATABASES = {
    "default": _database(env.secret("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'touchmark.sqlite3'}")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.secret("REDIS_URL")
if REDIS_URL:
    _cache: dict[str, object] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    CACHES = {"default": _cache, "pages": _cache | {"KEY_PREFIX": "pages"}}
else:
    _cache = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    # Apart, so that pages on their shelf never crowd out the counters of the rate limits.
    CACHES = {
        "default": _cache | {"OPTIONS": {"MAX_ENTRIES": 20_000}},
        "pages": _cache | {"LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 500}},
    }

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
_modules = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/brygada-1918", _modules / "@fontsource-variable" / "brygada-1918" / "files"),
    ("vendor/source-sans-3", _modules / "@fontsource-variable" / "source-sans-3" / "files"),
    ("vendor/sortablejs", _modules / "sortablejs" / "modular"),
]
STORAGES = {
    # Nothing a visitor uploads is served by path: it leaves through a view that asks first.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "files", "base_url": None},
    },
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# A phone sends a dozen photographs in one form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 60
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_PHOTO_MAX_BYTES = env.number("UPLOAD_PHOTO_MAX_BYTES", 60 * 1024 * 1024)
UPLOAD_QUOTA_BYTES = env.number("UPLOAD_QUOTA_BYTES", 2 * 1024 * 1024 * 1024)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Accounts: Django's user, signed in by e-mail and password through django-allauth.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "provenance:after_login"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PROXY_DEPTH", 0)

EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
# A mail server that hangs must not hold a page for longer than a person waits.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <post@{_site.hostname}>")
# Without a mail server, mails are files that a person can open: none is lost, none is printed.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"

# Security
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
# With no-referrer Chromium sends "Origin: null" and Django refuses the form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PROXY_DEPTH = env.number("PROXY_DEPTH", 0)
if PROXY_DEPTH:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["provenance.api.access.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "provenance.api.errors.answer_error",
    "NUM_PROXIES": PROXY_DEPTH,
    "DEFAULT_THROTTLE_RATES": {
        "read": "600/min",
        "verify": "120/min",
        "write": "300/min",
        "claim": "5/min",
        "claim_account": "10/hour",
        "code_miss": "30/min",
        "upload": "600/hour",
        "token_miss": "30/min",
    },
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Touchmark",
    "DESCRIPTION": "Read, verify, register and issue certificates of handcrafted pieces.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "PieceKind": "provenance.models.piece.Kind",
        "EditionKind": "provenance.models.piece.EditionKind",
        "MarkKind": "provenance.models.piece.MarkKind",
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    # Below this it writes down each address that was refused, and codes and links stand in them.
    "loggers": {"django.request": {"level": "ERROR"}},
}
