"""Names and titles that nobody will take for real ones, in English and Russian."""

SYLLABLES = [
    ("ba", "ба"), ("lor", "лор"), ("mi", "ми"), ("ran", "ран"), ("te", "те"), ("vol", "вол"), ("zu", "зу"),
    ("kar", "кар"), ("ni", "ни"), ("dal", "дал"), ("so", "со"), ("fen", "фен"), ("gu", "гу"), ("rim", "рим"),
    ("pa", "па"), ("tol", "тол"), ("ve", "ве"), ("bir", "бир"), ("du", "ду"), ("zan", "зан"), ("li", "ли"),
    ("mor", "мор"), ("ka", "ка"), ("der", "дер"),
]  # fmt: skip
ENDINGS = [("in", "ин"), ("ov", "ов"), ("ar", "ар"), ("el", "ел"), ("un", "ун"), ("ek", "ек"), ("as", "ас")]
FAMILY_ENDINGS = [("ov", "ов"), ("ev", "ев"), ("enko", "енко"), ("zade", "заде"), ("man", "ман"), ("son", "сон")]

CITIES = [
    ("Almaty", "Алматы", "KZ", "Asia/Almaty"), ("Astana", "Астана", "KZ", "Asia/Almaty"),
    ("Tashkent", "Ташкент", "UZ", "Asia/Tashkent"), ("Bishkek", "Бишкек", "KG", "Asia/Bishkek"),
    ("Dushanbe", "Душанбе", "TJ", "Asia/Dushanbe"), ("Ashgabat", "Ашхабад", "TM", "Asia/Ashgabat"),
    ("Baku", "Баку", "AZ", "Asia/Baku"), ("Moscow", "Москва", "RU", "Europe/Moscow"),
    ("Vienna", "Вена", "AT", "Europe/Vienna"), ("Geneva", "Женева", "CH", "Europe/Zurich"),
    ("Istanbul", "Стамбул", "TR", "Europe/Istanbul"), ("Ankara", "Анкара", "TR", "Europe/Istanbul"),
    ("Tehran", "Тегеран", "IR", "Asia/Tehran"), ("Islamabad", "Исламабад", "PK", "Asia/Karachi"),
    ("Beijing", "Пекин", "CN", "Asia/Shanghai"), ("Tokyo", "Токио", "JP", "Asia/Tokyo"),
    ("Samarkand", "Самарканд", "UZ", "Asia/Tashkent"), ("Osh", "Ош", "KG", "Asia/Bishkek"),
    ("Paris", "Париж", "FR", "Europe/Paris"), ("Brussels", "Брюссель", "BE", "Europe/Brussels"),
]  # fmt: skip
MEMBERS = ("KZ", "KG", "TJ", "TM", "UZ", "RU", "AZ")
OTHERS = ("JP", "DE", "US", "FR", "TR", "CN", "AT", "PK", "IR", "IT", "CH", "KR", "GB", "IN", "FI", "GE", "AM", "MN")

TOPICS = [
    ("Precursors", "Прекурсоры"), ("Financial flows", "Финансовые потоки"), ("Virtual assets", "Виртуальные активы"),
    ("Synthetic drugs", "Синтетические наркотики"), ("New psychoactive substances", "Новые психоактивные вещества"),
    ("Controlled delivery", "Контролируемая поставка"), ("Information exchange", "Обмен информацией"),
    ("Training", "Подготовка кадров"), ("Afghanistan", "Афганистан"), ("Border control", "Пограничный контроль"),
    ("Forensic laboratories", "Экспертные лаборатории"), ("Prevention", "Профилактика"),
    ("Asset recovery", "Возврат активов"), ("Money laundering", "Отмывание денег"),
    ("Maritime and air cargo", "Морские и воздушные грузы"), ("Dog services", "Кинологическая служба"),
]  # fmt: skip
STATES = ("Afghanistan",)  # among the topics; written large within a sentence, too

# kind: share, name, Russian name, short name; {b} is an invented word, {s} a state
BODIES = {
    "ministry": (18, "Ministry of {b} Affairs", "Министерство по делам «{b}»", "{b} MA"),
    "law_enforcement": (26, "{b} Drug Control Department", "Управление «{b}» по контролю за наркотиками", "{b} DCD"),
    "embassy": (14, "Embassy of {s}, {b} House", "Посольство ({s}), дом «{b}»", "Embassy {b}"),
    "un": (8, "United {b} Programme", "Объединённая программа «{b}»", "{b} Programme"),
    "intergovernmental": (8, "{b} Organization for Cooperation", "Организация сотрудничества «{b}»", "{b} OC"),
    "fiu": (8, "{b} Financial Monitoring Service", "Служба финансового мониторинга «{b}»", "{b} FMS"),
    "local": (4, "Council of {b} Province", "Совет провинции {b}", ""),
    "academy": (7, "{b} Training Academy", "Учебная академия «{b}»", "{b} TA"),
    "public": (4, "{b} Fund for Health", "Фонд здоровья «{b}»", ""),
    "network": (3, "{b} Initiative", "Инициатива «{b}»", ""),
}
OFFICES = [
    ("{p}, Office in {c}", "{p}, бюро: {c}"), ("{p}, Department {n}", "{p}, департамент {n}"),
    ("{p}, Analysis Unit {n}", "{p}, аналитический отдел {n}"),
]  # fmt: skip
STATELESS = ("un", "intergovernmental", "network")
POSTS = [
    "Head of Department", "Deputy Head", "Adviser", "First Secretary", "Counsellor", "Programme Officer",
    "Senior Inspector", "Expert", "Analyst", "Liaison Officer",
]  # fmt: skip
OWN_POSTS = ["Liaison Officer", "Senior Analyst", "Head of Unit", "Adviser", "Interpreter", "Programme Coordinator"]
RANKS = ["", "", "", "", "Colonel", "Major", "Captain", "Counsellor, second class"]
VENUES = ["Hall of the {b} Centre", "{b} Hotel", "{b} House of Friendship", "Academy of {b}", "{b} Congress Hall"]

# kind: (English titles, Russian titles); {p} the partner, {t} the topic, {c} the city, {n} a running number
TITLES = {
    "bilateral": (
        ["Talks with {p} on {t}", "Consultations with {p}: {t}", "{p}: exchange of views on {t}",
         "Working talks with {p}"],
        ["Переговоры с «{p}»: {t}", "Консультации с «{p}»", "Рабочая встреча с «{p}»: {t}"],
    ),
    "meeting": (
        ["Coordination meeting on {t}", "Meeting of liaison officers, {c}", "Meeting of partners on {t}"],
        ["Координационное совещание: {t}", "Совещание офицеров связи, {c}"],
    ),
    "working_group": (
        ["Working group on {t}, session {n}", "Experts on {t}: meeting {n}"],
        ["Рабочая группа: {t}, заседание {n}", "Экспертная группа: {t}"],
    ),
    "conference": (
        ["{c} conference on {t}", "Regional forum: {t}", "Annual conference of partners, {c}"],
        ["Конференция: {t}, {c}", "Региональный форум: {t}"],
    ),
    "workshop": (
        ["Workshop: {t}", "Training course {n} on {t}", "Seminar on {t} with {p}"],
        ["Семинар: {t}", "Учебный курс {n}: {t}"],
    ),
    "briefing": (["Briefing on {t} for {p}", "Briefing for diplomats: {t}"], ["Брифинг: {t}", "Брифинг для «{p}»"]),
    "visit": (["Visit to {c}", "Visit of {p}", "Study visit of {p}: {t}"], ["Визит: {c}", "Визит делегации «{p}»"]),
    "ceremony": (["Handover of equipment to {p}", "Anniversary of {p}"], ["Передача оборудования: «{p}»"]),
    "other": (["Contact with {p} on {t}"], ["Контакт с «{p}»: {t}"]),
}  # fmt: skip
SUMMARIES = (
    ["The sides went through {t} and agreed to name contact points.", "{p} showed its figures for the year.",
     "A plan of joint steps on {t} was drafted.", "Questions of {t} were put off to the next meeting.",
     "Participants compared notes on {t}; a list of needs is to follow."],
    ["Стороны рассмотрели тему «{t}» и условились назвать ответственных.", "«{p}» показала данные за год.",
     "Составлен проект плана по теме «{t}».", "Участники сверили данные и наметили следующую встречу."],
)  # fmt: skip
OUTCOMES = {
    "document": ("Minutes on {t}", "Протокол: {t}"),
    "agreement": ("Agreement to work together on {t}", "Договорённость о сотрудничестве: {t}"),
    "recommendation": ("Recommendations on {t}", "Рекомендации: {t}"),
    "decision": ("Decision on the next steps in {t}", "Решение о дальнейших шагах: {t}"),
    "presentation": ("Presentation: {t} in figures", "Доклад: {t} в цифрах"),
    "information": ("Review of {t} handed over", "Передан обзор: {t}"),
}
PROMISES = [
    "Send the review on {t}", "Name a contact point for {t}", "Comment on the draft plan", "Share training materials on {t}",
    "Provide statistics on {t}", "Prepare the next meeting on {t}", "Nominate experts on {t}", "Deliver equipment",
]  # fmt: skip
PROMISES_RU = [
    "Направить обзор: {t}",
    "Назначить контактное лицо: {t}",
    "Передать статистику: {t}",
    "Подготовить встречу",
]
CASES = ["Operation {b}", "{b} training programme", "{b} equipment project", "Rotation of the {b} liaison post"]
NOTES = [
    "Asked for the list of participants.", "Reminder sent.", "The draft came back with comments.",
    "Agreed by telephone to go on in spring.", "Получен ответ, изучаем.", "Figures for the quarter received.",
]  # fmt: skip
UNNAMED = ["a specialist", "two experts", "head of delegation", "an interpreter", "представитель", "duty officer"]


def small(text: str) -> str:
    return text[:1].lower() + text[1:]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def invented(dice, endings=ENDINGS, syllables: int = 2) -> tuple[str, str]:
    """A word that means nothing, in Latin and Cyrillic."""
    parts = [dice.one(SYLLABLES) for _ in range(syllables)] + [dice.one(endings)]
    return capital("".join(latin for latin, _ in parts)), capital("".join(cyrillic for _, cyrillic in parts))
