"""Records that may be the same as another, in a list that was asked for them."""


def with_twins(answer) -> None:
    """The rows of the page, each with the others that share a name with it as `same_as`. One query, where asked."""
    if answer.asks("twins"):
        same = answer.page.model().objects.twins_of([row.pk for row in answer.rows])
        for row in answer.rows:
            row.same_as = same.get(row.pk, [])
