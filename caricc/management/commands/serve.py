"""The server of `make run`: Django's own, which says where to look and how to sign in once it answers."""

from django.contrib.staticfiles.management.commands.runserver import Command as RunServer

from caricc.management.commands.demo import how_to_sign_in


class Command(RunServer):
    help = (
        "Serves the register on this machine, for trying it out; not for an office (docs/administrators.md says how)."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(use_reloader=False, use_static_handler=False)

    def handle(self, *args, **options):
        self.lines = how_to_sign_in()
        super().handle(*args, **{**options, "skip_checks": True})

    def on_bind(self, server_port):
        address = f"http://{self.addr}:{server_port}/"
        for line in (
            "",
            f"CARICC Register is at {address}",
            f"  editing    {address}admin/",
            f"  the API    {address}api/v1/docs/",
            "",
            *self.lines,
            "",
            "Stop it with Ctrl-C.",
        ):
            self.stdout.write(line)
        self.stdout.flush()
