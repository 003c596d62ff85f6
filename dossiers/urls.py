"""Addresses of the home page, reports, dossiers and documents."""

from django.urls import include, path

from dossiers.views import documents

papers = [
    path("bao-cao/<int:pk>/van-ban/", documents.report_papers, name="report_papers"),
    path("bao-cao/<int:pk>/van-ban/tao/", documents.report_document, name="report_document"),
    path("ho-so/<int:pk>/van-ban/", documents.dossier_papers, name="papers"),
    path("ho-so/tao-toan-bo/<slug:slug>/", documents.batches, name="batches"),
    path("ho-so/dot-tao/<int:pk>/", documents.batch, name="batch"),
    path("ho-so/dot-tao/<int:pk>/tao-lai/", documents.batch_retry, name="batch_retry"),
    path("ho-so/dot-tao/<int:pk>/tai-ve/", documents.batch_zip, name="batch_zip"),
    path("ho-so/van-ban/<int:pk>/", documents.document, name="document"),
    path("ho-so/van-ban/<int:pk>/tao-lai/", documents.document_retry, name="document_retry"),
]

urlpatterns = [path("", include((papers, "dossiers")))]
