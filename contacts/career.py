"""Posts over time as bars: where each begins and ends, in percent of the years shown."""

import datetime

DEFAULT_YEARS, STUB = 3, 0.5


def career(posts, met: list[datetime.date], now: datetime.date) -> dict | None:
    """Years of the axis and a bar for each post; an unknown end is a dashed stub. None where no date is known."""
    known = [day for post in posts for day in (post.since, post.until) if day] + met
    if not posts or not known:
        return None
    first = min([*known, now]).year
    first = min(first, now.year - DEFAULT_YEARS + 1)
    last = max([*known, now]).year
    start, span = datetime.date(first, 1, 1), (datetime.date(last + 1, 1, 1) - datetime.date(first, 1, 1)).days

    def at(day: datetime.date) -> float:
        return round(min(max((day - start).days / span * 100, 0), 100), 2)

    step = max(1, -(-(last - first + 1) // 8))
    years = [{"year": year, "x": at(datetime.date(year, 1, 1))} for year in range(first, last + 1, step)]
    bars = []
    for post in posts:
        stub = STUB * 365.25 / span * 100
        inside = [day for day in met if (not post.since or day >= post.since) and (not post.until or day <= post.until)]
        begin = at(post.since) if post.since else at(min([*inside, post.until or now]))
        end = at(post.until) if post.until else at(max([now, *inside]))
        bars.append(
            {
                "post": post,
                "x": begin,
                "width": max(round(end - begin, 2), 0.6),
                "before": {"x": max(round(begin - stub, 2), 0), "width": round(min(stub, begin), 2)}
                if not post.since
                else None,
                "dots": [at(day) for day in sorted(set(inside))],
            }
        )
    return {"years": years, "today": at(now), "bars": bars}
