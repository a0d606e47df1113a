"""How gunicorn writes its logs when it is started in this folder: discreetly."""

from typing import Any

from gunicorn.glogging import Logger

from config.discretion import Discretion, discreet

# Gunicorn's own format without the referrer, which may be a tap.
access_log_format = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(a)s"'


class DiscreetLogger(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(Discretion())

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {name: discreet(v) if isinstance(v, str) else v for name, v in told.items()} | {
            "q": "",
            "{query_string}e": "",
            "f": "-",
            "U": discreet(told["U"]),
        }


logger_class = DiscreetLogger
