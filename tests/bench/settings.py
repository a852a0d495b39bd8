"""The settings of an office, with the addresses of the reference programs beside the register's own."""

from caricc.settings import *  # noqa: F403
from caricc.settings import STORAGES

ROOT_URLCONF = "tests.bench.reference.urls"
# No page is measured by how its style sheets are called: nothing need be collected.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None
