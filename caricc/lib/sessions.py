"""Sessions in Redis, with the database behind: one that Redis lost, or cannot be asked for, goes on."""

import logging

from django.contrib.sessions.backends import cached_db, db
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class SessionStore(cached_db.SessionStore):
    """Django's own asks the database when Redis does not answer, and then fails over putting the session back."""

    def load(self):
        try:
            return super().load()
        except RedisError as error:
            log.warning("Redis does not answer, and the session was read from the database: %s", error)
            return db.SessionStore.load(self)
