"""Addresses of the home page, reports, dossiers and documents."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
