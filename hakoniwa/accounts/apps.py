from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hakoniwa.accounts"
    label = "accounts"
