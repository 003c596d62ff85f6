"""Addresses of the home page, reports, dossiers and documents."""

from django.urls import include, path

from dossiers.views import (
    attachments,
    documents,
    dossiers,
    form_basis,
    form_texts,
    home,
    issuing,
    moving,
    papers,
    preview,
    progress,
    registers,
    reports,
    tasks,
    verification,
    versions,
    word,
)

CASE = "phong-trao/<slug:slug>/don-vi/<int:unit_pk>/"
case_pages = [
    path("phong-trao/<slug:slug>/tien-do/", progress.overview, name="overview"),
    path(CASE, progress.unit_case, name="unit_case"),
    path(f"{CASE}ho-so/<slug:decider>/", dossiers.dossier_open, name="dossier_open"),
    path("de-cu/<int:pk>/bao-cao/", reports.report_start, name="report_start"),
    path("bao-cao/<int:pk>/", reports.report, name="report"),
    path("bao-cao/<int:pk>/luu/", reports.report_save, name="report_save"),
    path("ho-so/", dossiers.dossier_list, name="list"),
    path("ho-so/<int:pk>/", dossiers.dossier, name="dossier"),
    path("ho-so/<int:pk>/thao-tac/<slug:act>/", dossiers.dossier_act, name="dossier_act"),
    path("ho-so/<int:pk>/tai-lieu/them/", attachments.attachment_add, name="attachment_add"),
    path("ho-so/<int:pk>/tai-lieu/<int:attachment_pk>/", attachments.attachment, name="attachment"),
    path(
        "ho-so/<int:pk>/tai-lieu/<int:attachment_pk>/go/",
        attachments.attachment_remove,
        name="attachment_remove",
    ),
]
paper_pages = [
    path("bao-cao/<int:pk>/phien-ban/", versions.report_versions, name="report_versions"),
    path(
        "bao-cao/<int:pk>/phien-ban/<int:version>/khoi-phuc/",
        versions.report_restore,
        name="report_restore",
    ),
    path("bao-cao/<int:pk>/mau/", moving.report_move, name="report_move"),
    path("bao-cao/<int:pk>/mau/<int:section_pk>/", moving.report_leftover, name="report_leftover"),
    path("bao-cao/<int:pk>/xem-truoc/", preview.preview, name="preview"),
    path("bao-cao/<int:pk>/xem-truoc/tao/", preview.preview_order, name="preview_order"),
    path("bao-cao/<int:pk>/van-ban/", documents.report_papers, name="report_papers"),
    path("bao-cao/<int:pk>/van-ban/tao/", documents.report_document, name="report_document"),
    path("bao-cao/<int:pk>/word/", word.report_word, name="report_word"),
    path("ho-so/<int:pk>/van-ban/", documents.dossier_papers, name="papers"),
    path("ho-so/tao-toan-bo/<slug:slug>/", documents.batches, name="batches"),
    path("ho-so/dot-tao/<int:pk>/", documents.batch, name="batch"),
    path("ho-so/dot-tao/<int:pk>/tao-lai/", documents.batch_retry, name="batch_retry"),
    path("ho-so/dot-tao/<int:pk>/in/", documents.batch_print, name="batch_print"),
    path("ho-so/dot-tao/<int:pk>/tai-ve/", documents.batch_zip, name="batch_zip"),
    path("ho-so/van-ban/<int:pk>/", documents.document, name="document"),
    path("ho-so/van-ban/<int:pk>/word/", word.document_word, name="document_word"),
    path("ho-so/van-ban/<int:pk>/tao-lai/", documents.document_retry, name="document_retry"),
    path("ho-so/<int:pk>/tai-tron-bo/", issuing.bundle, name="bundle"),
    path("ho-so/van-ban/<int:pk>/trang/", papers.paper, name="paper"),
    path("ho-so/van-ban/<int:pk>/ky-so/", papers.document_sign, name="document_sign"),
    path("ho-so/van-ban/<int:pk>/huy/", issuing.document_annul, name="document_annul"),
]
APPENDIX = "bao-cao/<int:pk>/phu-luc/"
task_pages = [
    path(APPENDIX, tasks.report_tasks, name="report_tasks"),
    path(f"{APPENDIX}nhap/", tasks.report_tasks_import, name="report_tasks_import"),
    path(f"{APPENDIX}mau/", tasks.report_tasks_template, name="report_tasks_template"),
    path(f"{APPENDIX}tai-ve/", tasks.report_tasks_export, name="report_tasks_export"),
    path(f"{APPENDIX}<int:task_pk>/", tasks.report_task, name="report_task"),
    path(f"{APPENDIX}<int:task_pk>/chuyen/", tasks.report_task_move, name="report_task_move"),
    path(f"{APPENDIX}<int:task_pk>/xoa/", tasks.report_task_remove, name="report_task_remove"),
]
register_pages = [
    path("so-van-ban/", registers.register, name="register"),
    path("so-van-ban/tai-ve/", registers.register_export, name="register_export"),
    path("so-van-ban/<int:unit_pk>/cap-so/", registers.register_number, name="register_number"),
    path("so-van-ban/<int:unit_pk>/so-hien-tai/", registers.register_last, name="register_last"),
]
FORMS = "danh-muc/mau-bao-cao/"
form_pages = [
    path(FORMS, form_texts.report_forms, name="forms"),
    path(f"{FORMS}<slug:code>/", form_texts.report_form, name="form"),
    path(f"{FORMS}<slug:code>/sua/", form_texts.report_form_edit, name="form_edit"),
    path(f"{FORMS}<slug:code>/them-mau/", form_basis.report_form_add, name="form_add"),
    path(f"{FORMS}<slug:code>/can-cu/", form_basis.report_form_basis, name="form_basis"),
    path(f"{FORMS}<slug:code>/in-thu/", form_texts.report_form_sample, name="form_sample"),
    path(f"{FORMS}<slug:code>/phien-ban/", form_texts.report_form_history, name="form_history"),
    path(
        f"{FORMS}<slug:code>/phien-ban/<int:number>/khoi-phuc/",
        form_texts.report_form_restore,
        name="form_restore",
    ),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("xac-thuc/", verification.verify_start, name="verify_start"),
    path("xac-thuc/<str:code>/", verification.verify, name="verify"),
    path(
        "",
        include(
            ([*case_pages, *paper_pages, *task_pages, *register_pages, *form_pages], "dossiers")
        ),
    ),
]
