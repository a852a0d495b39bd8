"""Settings of gunicorn: `gunicorn -c python:caricc.serving caricc.wsgi`; docs/administrators.md says why.

Threads, because a download keeps its worker busy for as long as its reader takes; what it waits for is the database
and the network, and others are served meanwhile. Every thread keeps one connection to the database at most.
"""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "3"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 120
keepalive = 5
limit_request_line = 8190
