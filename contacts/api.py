"""Organizations, people, posts and cities over the API."""

from rest_framework import serializers

from caricc.lib.api import RecordSerializer, Resource
from contacts import filters, models
from contacts.exports import CITY_COLUMNS, ORGANIZATION_COLUMNS, PERSON_COLUMNS, POST_COLUMNS


class CityNameSerializer(RecordSerializer):
    id = serializers.IntegerField(required=False)

    class Meta:
        model = models.CityName
        fields = ("id", "name", "language", "since", "until")


class CitySerializer(RecordSerializer):
    names = CityNameSerializer(many=True, required=False)
    parts = {"names": "names"}

    class Meta:
        model = models.City
        fields = ("id", "name", "name_ru", "names", "country", "time_zone", "archived", "updated_at", "version")
        read_only_fields = ("version", "updated_at")


class Cities(Resource):
    queryset = models.City.objects.all()
    serializer_class = CitySerializer
    filterset_class = filters.CityQuestion
    columns = CITY_COLUMNS


class OrganizationNameSerializer(RecordSerializer):
    id = serializers.IntegerField(required=False)

    class Meta:
        model = models.OrganizationName
        fields = ("id", "name", "short_name", "language", "since", "until")


class OrganizationSerializer(RecordSerializer):
    names = OrganizationNameSerializer(many=True, required=False)
    parts = {"names": "names"}

    class Meta:
        model = models.Organization
        fields = (
            "id", "name", "short_name", "names", "kind", "country", "seat_city", "seat_country", "parent", "own",
            "succeeded_by", "note", "rhythm", "snoozed_until", "snooze_reason", "archived", "updated_at", "version",
        )  # fmt: skip
        read_only_fields = ("version", "updated_at")


class Organizations(Resource):
    queryset = models.Organization.objects.all()
    serializer_class = OrganizationSerializer
    filterset_class = filters.OrganizationQuestion
    columns = ORGANIZATION_COLUMNS


class PersonNameSerializer(RecordSerializer):
    id = serializers.IntegerField(required=False)

    class Meta:
        model = models.PersonName
        fields = ("id", "family", "given", "patronymic", "script", "language", "preferred", "since", "until")


class PostSerializer(RecordSerializer):
    class Meta:
        model = models.Post
        fields = (
            "id", "person", "organization", "title", "rank", "email", "phone", "since", "until", "updated_at", "version",
        )  # fmt: skip
        read_only_fields = ("version", "updated_at")


class PersonSerializer(RecordSerializer):
    names = PersonNameSerializer(many=True, required=False)
    posts = PostSerializer(many=True, read_only=True)
    parts = {"names": "names"}

    class Meta:
        model = models.Person
        fields = ("id", "name", "names", "posts", "note", "archived", "updated_at", "version")
        read_only_fields = ("version", "updated_at")

    def validate(self, data):
        if self.instance is None and not data.get("name") and not data.get("names"):
            raise serializers.ValidationError({"names": ["Give a name, or at least one row of names."]})
        return data


class People(Resource):
    queryset = models.Person.objects.all()
    serializer_class = PersonSerializer
    filterset_class = filters.PersonQuestion
    columns = PERSON_COLUMNS


class Posts(Resource):
    queryset = models.Post.objects.all()
    serializer_class = PostSerializer
    filterset_class = filters.PostQuestion
    columns = POST_COLUMNS
