"""What an account is reminded of on a day: what its person answers for, as far as the account may see it."""

import datetime
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caricc.lib.days import written
from caricc.models import User
from events.choices import CaseStatus
from events.models import Case, Commitment


@dataclass
class Reminder:
    """The mail of one account; `late` and `due` hold (day, record), the oldest first."""

    user: User
    day: datetime.date
    until: datetime.date
    late: list = field(default_factory=list)
    due: list = field(default_factory=list)

    @property
    def items(self) -> int:
        return len(self.late) + len(self.due)

    @property
    def counted(self) -> str:
        """The numbers in words, without a word of what it is about."""
        late, due = len(self.late), len(self.due)
        parts = []
        if late:
            parts.append(ngettext("%(n)s overdue", "%(n)s overdue", late) % {"n": late})
        if due:
            words = ngettext("%(n)s due by %(day)s", "%(n)s due by %(day)s", due)
            parts.append(words % {"n": due, "day": written(self.until)})
        return ", ".join(parts)

    @property
    def subject(self) -> str:
        """Numbers only: subjects show on locked telephones and in logs of mail servers."""
        return _("CARICC Register: %(counted)s") % {"counted": self.counted}

    @property
    def body(self) -> str:
        blocks = [
            _("%(who)s, this is what you answer for as of %(day)s.") % {"who": self.user, "day": written(self.day)}
        ]
        for title, found in ((_("OVERDUE"), self.late), (_("DUE"), self.due)):
            if found:
                blocks.append("\n\n".join([title, *(self.told(day, record) for day, record in found)]))
        who = self.user.person.pk
        answered = self.link("events:commitment_list", officer=who, status="open")
        led = self.link("events:case_list", lead=who, status=[CaseStatus.OPEN, CaseStatus.DORMANT])
        blocks.append(
            "\n".join(
                [
                    _("All that you answer for: %(url)s") % {"url": answered},
                    _("The cases that you lead: %(url)s") % {"url": led},
                ]
            )
        )
        blocks.append(_("You get this because you may read these records. Do not forward it."))
        return "\n\n\n".join(blocks) + "\n"

    @staticmethod
    def link(name: str, **asked) -> str:
        return f"{settings.SITE_URL}{reverse(name)}?{urlencode(asked, doseq=True)}"

    def told(self, day, record) -> str:
        """When, what, who to whom, where."""
        lines = [f"{written(day)}, {self.how_far(day)}", f"  {record}"]
        if isinstance(record, Commitment):
            if record.creditor_name:
                told = {"who": record.debtor_name, "whom": record.creditor_name}
                lines.append("  " + _("%(who)s owes it to %(whom)s") % told)
            else:
                lines.append("  " + _("%(who)s owes it") % {"who": record.debtor_name})
            if record.event:
                lines.append("  " + _("promised at: %(event)s") % {"event": record.event})
        else:
            lines.append("  " + _("next step: %(step)s") % {"step": record.next_step or _("not stated")})
        return "\n".join([*lines, f"  {settings.SITE_URL}{record.get_absolute_url()}"])

    def how_far(self, day) -> str:
        days = (day - self.day).days
        if days < 0:
            return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days} if days else _("today")


def accounts():
    """Those that can be reminded: active, with an address, and somebody's."""
    return (
        User.objects.filter(is_active=True, person__isnull=False)
        .exclude(email="")
        .select_related("person")
        .order_by("username")
    )


def reminder_for(user, day: datetime.date, within: int) -> Reminder:
    """What is overdue on `day`, or due within so many days of it; of what is not there for `user` nothing."""
    made = Reminder(user, day, day + datetime.timedelta(days=within))
    owed = Commitment.objects.visible_to(user).due_by(made.until).filter(responsible=user.person).for_list(user)
    led = Case.objects.visible_to(user).step_due_by(made.until).filter(lead=user.person)
    found = [(one.due_date, one) for one in owed] + [(one.next_step_on, one) for one in led]
    for when, record in sorted(found, key=lambda pair: (pair[0], pair[1].pk)):
        (made.late if when < day else made.due).append((when, record))
    return made
