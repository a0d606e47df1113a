"""Where everything that is logged goes: to standard error, discreetly, one line each."""

TO_STDERR: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"discretion": {"()": "config.discretion.Discretion"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["discretion"],
        }
    },
}
