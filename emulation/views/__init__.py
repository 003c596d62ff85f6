from emulation.views.errors import bad_request, csrf_failure, forbidden, not_found, server_error
from emulation.views.health import health

__all__ = ["bad_request", "csrf_failure", "forbidden", "health", "not_found", "server_error"]
