"""Addresses of the ground: accounts, organisation, people, catalogue."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from emulation import views
from emulation.forms.accounts import FirstPasswordForm

pages = [
    path("nhan-su/", views.people, name="people"),
    path("nhan-su/<int:pk>/", views.person, name="person"),
    path("to-chuc/", views.units, name="units"),
    path("to-chuc/<slug:code>/", views.unit, name="unit"),
    path("danh-muc/", views.catalogue, name="catalogue"),
    path("danh-muc/van-ban/them/", views.instrument_add, name="instrument_add"),
    path("danh-muc/<slug:kind>/<int:pk>/", views.catalogue_edit, name="catalogue_edit"),
    path("tai-khoan/", views.accounts, name="accounts"),
    path("tai-khoan/moi/", views.account_create, name="account_create"),
    path("tai-khoan/<int:pk>/", views.account, name="account"),
    path("tai-khoan/<int:pk>/quyen/moi/", views.grant_create, name="grant_create"),
    path("tai-khoan/<int:pk>/quyen/<int:grant_pk>/het/", views.grant_end, name="grant_end"),
]

urlpatterns = [
    path("suc-khoe/", views.health, name="health"),
    path("dang-nhap/", views.Login.as_view(), name="login"),
    # Open, or an expired session would be sent to log in and from there, by GET, to log out.
    path("dang-xuat/", login_not_required(auth.LogoutView.as_view()), name="logout"),
    path("mat-khau/doi/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("mat-khau/doi/xong/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path(
        "mat-khau/quen/",
        auth.PasswordResetView.as_view(form_class=FirstPasswordForm),
        name="password_reset",
    ),
    path("mat-khau/quen/xong/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "mat-khau/dat-lai/<uidb64>/<token>/",
        auth.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "mat-khau/dat-lai/xong/",
        auth.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
    path("", include((pages, "emulation"))),
]
