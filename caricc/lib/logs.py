"""What is kept out of the log."""

import logging
import re

SECRET_ADDRESS = re.compile(r"(/calendar/feed/)[^\s\"'?]+")


class WithoutSecrets(logging.Filter):
    """Takes the secret out of the addresses of calendar feeds; whoever reads the log must not be able to read the feed."""

    def filter(self, record):
        said = record.getMessage()
        if "/calendar/feed/" in said:
            record.msg, record.args = SECRET_ADDRESS.sub(r"\1…", said), ()
        return True
