"""Addresses, from the top of the ladder down."""

from django.urls import include, path

urlpatterns = [
    path("", include("dossiers.urls")),
    path("", include("awards.urls")),
    path("phong-trao/", include("campaigns.urls")),
    path("", include("emulation.urls")),
]

handler400 = "emulation.views.bad_request"
handler403 = "emulation.views.forbidden"
handler404 = "emulation.views.not_found"
handler500 = "emulation.views.server_error"
