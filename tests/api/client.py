"""A client that speaks to the API as somebody of the world, by token."""

import json

from django.test import Client

from caricc.models import ApiToken


class Api:
    def __init__(self, user=None, scope="write"):
        self.client = Client()
        self.headers = {}
        if user is not None:
            self.headers["Authorization"] = f"Token {ApiToken.make(user, scope)[1]}"

    def __call__(self, method, path, data=None, **headers):
        body = {"data": json.dumps(data), "content_type": "application/json"} if data is not None else {}
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return getattr(self.client, method)(f"/api/v1/{path}", headers=sent, **body)

    def get(self, path, **headers):
        return self("get", path, **headers)

    def rows(self, path):
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    def ids(self, path):
        return {row["id"] for row in self.rows(path)}
