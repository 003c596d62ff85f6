"""Addresses of campaigns, below /phong-trao/."""

from django.urls import path

from campaigns import views

app_name = "campaigns"
CASE = "<slug:slug>/dang-ky/<int:unit_pk>/"
urlpatterns = [
    path("", views.campaign_list, name="list"),
    path("moi/", views.create, name="create"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/sua/", views.edit, name="edit"),
    path("<slug:slug>/nhan-ban/", views.duplicate, name="duplicate"),
    path("<slug:slug>/thao-tac/<slug:act>/", views.act, name="act"),
    path("<slug:slug>/don-vi/", views.participants, name="participants"),
    path("<slug:slug>/moc/<int:pk>/", views.milestone, name="milestone"),
    path("<slug:slug>/sua/<slug:section>/", views.rows, name="rows"),
    path("<slug:slug>/sua/<slug:section>/<int:pk>/", views.row_edit, name="row_edit"),
    path("<slug:slug>/sua/<slug:section>/<int:pk>/xoa/", views.row_remove, name="row_remove"),
    path("<slug:slug>/sua/<slug:section>/<int:pk>/chuyen/", views.row_move, name="row_move"),
    path("<slug:slug>/dang-ky/", views.registrations, name="registrations"),
    path(CASE, views.registration, name="registration"),
    path(f"{CASE}bat-dau/", views.registration_start, name="registration_start"),
    path(f"{CASE}them/", views.registration_line_add, name="registration_line_add"),
    path(f"{CASE}<int:pk>/", views.registration_line_edit, name="registration_line_edit"),
    path(f"{CASE}<int:pk>/bo/", views.registration_line_remove, name="registration_line_remove"),
    path(f"{CASE}thao-tac/<slug:act>/", views.registration_act, name="registration_act"),
]
