"""Settings of the tests: those of development, quick passwords, and the database that the run was given."""

import os

os.environ.setdefault("DEBUG", "1")

from caricc.settings import *  # noqa: F403

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
