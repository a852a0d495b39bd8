"""Settings of the tests: those of development, quick passwords, and the database that the run was given."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DEBUG", "1")
if not os.environ.get("DATABASE_URL"):
    os.environ.pop("DATABASE_URL", None)

from caricc.settings import *  # noqa: F403
from caricc.settings import DATABASES

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file of this process: several threads (the live server) and several runs at a time do not get in each other's way.
    DATABASES["default"]["TEST"] = {"NAME": Path(tempfile.gettempdir()) / f"register-test-{os.getpid()}.sqlite3"}
DATABASES["default"]["CONN_MAX_AGE"] = 0
