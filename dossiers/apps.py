from django.apps import AppConfig
from django.core.checks import register


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = "Hồ sơ và văn bản"

    def ready(self) -> None:
        from dossiers.signing.checks import check_keys

        register(check_keys)
