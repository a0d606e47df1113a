"""The demonstration's own doors."""

from django.urls import path

from config.demo import views

app_name = "demo"
urlpatterns = [path("accounts/demo/<str:user>/<str:token>", views.sign_in, name="sign_in")]
