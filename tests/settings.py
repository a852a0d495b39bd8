"""Settings of the tests: those of development, quick passwords, and the database that the run was given."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DEBUG", "1")
if not os.environ.get("DATABASE_URL"):
    os.environ.pop("DATABASE_URL", None)
os.environ |= {"DATABASE_REPLICA_URL": "", "REDIS_URL": ""}  # the tests of these bring their own

from caricc.settings import *  # noqa: F403
from caricc.settings import DATABASES

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file of this process, in memory where the system has such a folder: several threads (the live server) and several
    # runs at a time do not get in each other's way, and nothing waits for a disk.
    folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()
    DATABASES["default"]["TEST"] = {"NAME": Path(folder) / f"register-test-{os.getpid()}.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
DATABASES["default"]["CONN_MAX_AGE"] = 0
