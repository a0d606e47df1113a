"""The one settings file: every setting of the site, read once from the environment."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import chips, env, logs

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
# Makers' keys that are kept here, each under the passphrase of its maker.
MAKER_KEYS_DIR = env.path("MAKER_KEYS_DIR", VAR_DIR / "keys" / "makers")

# Kinds of chips with their master keys, and the key under which serial numbers are kept.
TAGS_PROFILES = chips.chip_profiles()
TAGS_UNCLAIMED = chips.unclaimed_keys()
TAGS_UID_KEY = env.secret("TAGS_UID_KEY")
# A lost count is harmless; a commit for every scan would not be.
SCANS_FLUSHED_AFTER = 3.0

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
    "allauth.mfa",
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
    "config.staff.second_factor_for_staff",
    "config.languages.VisitorsLanguage",
    "config.refusals.KeyOutOfReach",
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
                # Among a million rows every insert touches pages of its own: written back four
                # thousand at once (16 MB), and not one thousand, they cost a certificate no more.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                    "PRAGMA wal_autocheckpoint=4000;"
                ),
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
# Sixty stones and sixty steps, with every field of each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 60
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_PHOTO_MAX_BYTES = env.number("UPLOAD_PHOTO_MAX_BYTES", 60 * 1024 * 1024)
UPLOAD_FILM_MAX_BYTES = env.number("UPLOAD_FILM_MAX_BYTES", 200 * 1024 * 1024)
UPLOAD_FILE_MAX_BYTES = env.number("UPLOAD_FILE_MAX_BYTES", 20 * 1024 * 1024)
UPLOAD_SEASON_MAX_BYTES = env.number("UPLOAD_SEASON_MAX_BYTES", 2 * 1024 * 1024 * 1024)
# Under this key the keys of originals are kept: 64 hexadecimal digits.
MEMORIES_KEY = env.secret("MEMORIES_KEY")
# Uploads under way, until they are whole; servers and workers of one site share it.
UPLOADS_DIR = env.path("UPLOADS_DIR", VAR_DIR / "uploads")
# What keepers bring to their pages; the limits of a maker's evidence stand above.
UPLOAD_VIDEO_MAX_BYTES = env.number("UPLOAD_VIDEO_MAX_BYTES", 500 * 1024 * 1024)
UPLOAD_VIDEO_MAX_SECONDS = env.number("UPLOAD_VIDEO_MAX_SECONDS", 180)
UPLOAD_SOUND_MAX_BYTES = env.number("UPLOAD_SOUND_MAX_BYTES", 100 * 1024 * 1024)
UPLOAD_SOUND_MAX_SECONDS = env.number("UPLOAD_SOUND_MAX_SECONDS", 900)
# The program that opens films and sound; empty: the one on PATH, or of the group `video`.
FFMPEG_PATH = env.text("FFMPEG_PATH")
UPLOAD_QUOTA_BYTES = env.number("UPLOAD_QUOTA_BYTES", 2 * 1024 * 1024 * 1024)

LANGUAGE_CODE = "en-gb"
# Of the pages that strangers open; each has its catalogue in `locale`.
LANGUAGES = [("en-gb", "English"), ("fr", "Français"), ("de", "Deutsch"), ("it", "Italiano")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "tm_language"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Accounts: Django's user, signed in through django-allauth by a passkey, or by e-mail and password.
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
# Whoever changes the keys of an account, its owner reads of it.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "provenance:after_login"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# A passkey asks for finger, face or PIN, so it is two factors by itself. It belongs to the host of
# SITE_URL. MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN stays off: it would believe every origin, while
# http://localhost, which browsers hold for safe, is believed without it.
MFA_ADAPTER = "config.accounts.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
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
# Where the visitor's country stands, written by a proxy of ours; "" for nowhere.
COUNTRY_HEADER = env.text("COUNTRY_HEADER")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
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
        "print": "60/min",
        "write": "300/min",
        "claim": "5/min",
        "claim_account": "10/hour",
        "code_miss": "30/min",
        "pin": "10/min",
        "invite": "40/hour",
        "invitation_miss": "30/min",
        "guest_upload": "120/hour",
        "report": "5/hour",
        "pin_montage": "100/day",
        "tap_miss": "300/min",
        "upload": "600/hour",
        "film": "20/hour",
        "token_miss": "30/min",
        "unlock": "10/min",
        "domain_look": "20/hour",
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
        "MarkKind": "provenance.models.details.MarkKind",
        "CoatingMetal": "provenance.models.details.CoatingMetal",
        "CoatingMethod": "provenance.models.details.CoatingMethod",
        "SourcingKind": "provenance.models.details.SourcingKind",
        "SourcingScope": "provenance.models.details.SourcingScope",
        "StepKind": "provenance.api.making_shape.STEP_KINDS",
        "StepControl": "provenance.models.making.Control",
        "AnswerEnum": "provenance.api.taps.CERTIFICATE_ANSWERS",
        "TagAnswer": "provenance.api.taps.ANSWERS",
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = logs.TO_STDERR | {
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        # Below this it writes down each address that was refused, and codes and links stand there.
        "django.request": {"level": "ERROR"},
        # The development server writes each line it was asked.
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # With LOG_LEVEL=DEBUG it writes statements with all that stands in them.
        "django.db.backends": {"level": "INFO"},
        # The passkey library writes down which passkey was used.
        "fido2": {"level": "WARNING"},
    },
}
DEFAULT_EXCEPTION_REPORTER = "config.discretion.DiscreetReporter"
