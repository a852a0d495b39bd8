"""The columns of exported contacts."""

CITY_COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "name_ru": lambda row: row.name_ru,
    "names": lambda row: [name.name for name in row.names.all()],
    "country": lambda row: row.country,
    "time_zone": lambda row: row.time_zone,
    "updated_at": lambda row: row.updated_at,
}
ORGANIZATION_COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "short_name": lambda row: row.short_name,
    "names": lambda row: [str(name) for name in row.names.all()],
    "kind": lambda row: row.kind,
    "country": lambda row: row.country,
    "seat_city": lambda row: row.seat_city and row.seat_city.name,
    "seat_country": lambda row: row.seat_country,
    "parent": lambda row: row.parent_id,
    "parent_name": lambda row: row.parent and row.parent.name,
    "own": lambda row: row.own,
    "rhythm": lambda row: row.rhythm,
    "snoozed_until": lambda row: row.snoozed_until,
    "archived": lambda row: row.archived,
    "updated_at": lambda row: row.updated_at,
}
PERSON_COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "names": lambda row: [str(name) for name in row.names.all()],
    "posts": lambda row: [str(post) for post in row.posts.all()],
    "archived": lambda row: row.archived,
    "updated_at": lambda row: row.updated_at,
}
POST_COLUMNS = {
    "id": lambda row: row.pk,
    "person": lambda row: row.person_id,
    "person_name": lambda row: row.person.name,
    "organization": lambda row: row.organization_id,
    "organization_name": lambda row: row.organization.name,
    "title": lambda row: row.title,
    "rank": lambda row: row.rank,
    "email": lambda row: row.email,
    "phone": lambda row: row.phone,
    "since": lambda row: row.since,
    "until": lambda row: row.until,
    "updated_at": lambda row: row.updated_at,
}
