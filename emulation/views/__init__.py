from emulation.views.accounts import account, account_create, accounts, grant_create, grant_end
from emulation.views.catalogue import catalogue, catalogue_edit, instrument_add
from emulation.views.errors import bad_request, csrf_failure, forbidden, not_found, server_error
from emulation.views.health import health
from emulation.views.login import Login
from emulation.views.people import people, person, unit, units

__all__ = [
    "Login",
    "account",
    "account_create",
    "accounts",
    "bad_request",
    "catalogue",
    "catalogue_edit",
    "csrf_failure",
    "forbidden",
    "grant_create",
    "grant_end",
    "health",
    "instrument_add",
    "not_found",
    "people",
    "person",
    "server_error",
    "unit",
    "units",
]
