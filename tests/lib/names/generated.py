"""People made up from common names of the region, and the ways in which their names are written.

The tables follow the published standards, each as a whole, not the rules of `caricc.lib.names.spelling`.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

FAMILIES = [
    "Рахимов",
    "Каримов",
    "Назаров",
    "Юлдашев",
    "Алиев",
    "Хамидов",
    "Ахмедов",
    "Саидов",
    "Исмаилов",
    "Мирзоев",
    "Шарипов",
    "Раджабов",
    "Холматов",
    "Бобоев",
    "Гафуров",
    "Кадыров",
    "Турсунов",
    "Умаров",
    "Усманов",
    "Эргашев",
    "Хасанов",
    "Хусейнов",
    "Джураев",
    "Зокиров",
    "Ганиев",
    "Абдуллаев",
    "Тошматов",
    "Ибрагимов",
    "Якубов",
    "Сулейменов",
    "Нурмагамбетов",
    "Жумабаев",
    "Кожахметов",
    "Оспанов",
    "Байжанов",
    "Темирбеков",
    "Ермекбаев",
    "Шайхисламов",
    "Есимов",
    "Кулибаев",
    "Жаксылыков",
    "Асанов",
    "Бакиров",
    "Джумагулов",
    "Токтогулов",
    "Мамытов",
    "Эсеналиев",
    "Чыныбаев",
    "Шаршенов",
    "Жээнбеков",
    "Сооронбаев",
    "Ташиев",
    "Абылгазиев",
    "Атаев",
    "Бердыев",
    "Оразов",
    "Гельдыев",
    "Аннамурадов",
    "Мередов",
    "Чарыев",
    "Худайбердыев",
    "Язмурадов",
    "Сапаров",
    "Ниязов",
    "Реджепов",
    "Гасанов",
    "Гусейнов",
    "Мамедов",
    "Алескеров",
    "Джафаров",
    "Гаджиев",
    "Велиев",
    "Кулиев",
    "Халилов",
    "Эфендиев",
    "Ашуров",
    "Сафаров",
    "Иванов",
    "Кузнецов",
    "Смирнов",
    "Щербаков",
    "Фёдоров",
    "Воробьёв",
    "Цветков",
    "Журавлёв",
    "Юрьев",
    "Ершов",
    "Чикунов",
    "Хохлов",
    "Пустовитов",
    "Яковлев",
    "Мирализода",
    "Рахмонзода",
    "Саидзода",
    "Каримзода",
    "Шерализода",
]
GIVEN = [
    "Рустам",
    "Махмуд",
    "Юсуф",
    "Абдулло",
    "Шерали",
    "Джамшед",
    "Фирдавс",
    "Хуршед",
    "Азиз",
    "Бахтиёр",
    "Шавкат",
    "Ильхом",
    "Улугбек",
    "Жасур",
    "Дильшод",
    "Отабек",
    "Анвар",
    "Ерлан",
    "Нурлан",
    "Бауыржан",
    "Кайрат",
    "Болат",
    "Серик",
    "Жанат",
    "Айдар",
    "Талгат",
    "Марат",
    "Арман",
    "Ержан",
    "Данияр",
    "Касым",
    "Чингиз",
    "Мирлан",
    "Азамат",
    "Бакыт",
    "Эркин",
    "Таалайбек",
    "Кубанычбек",
    "Сыймык",
    "Алмаз",
    "Жылдызбек",
    "Замир",
    "Атагельды",
    "Гурбангулы",
    "Сердар",
    "Мердан",
    "Чары",
    "Батыр",
    "Максат",
    "Эльхан",
    "Вугар",
    "Рашид",
    "Фарид",
    "Ильгар",
    "Тофик",
    "Гейдар",
    "Намик",
    "Юрий",
    "Сергей",
    "Алексей",
    "Дмитрий",
    "Николай",
    "Виктор",
    "Владимир",
    "Евгений",
    "Михаил",
    "Фёдор",
    "Игорь",
    "Андрей",
    "Хайрулло",
    "Зафар",
    "Умед",
]
FATHERS = [
    "Каримович",
    "Азизович",
    "Махмудович",
    "Юсуфович",
    "Рахимович",
    "Толибович",
    "Овезович",
    "Сергеевич",
    "Иванович",
    "Алексеевич",
    "Юрьевич",
    "Дмитриевич",
    "Нурланович",
    "Серикович",
    "Жумабекович",
    "Хакимович",
    "Шарипович",
    "Эргашевич",
    "Гасанович",
    "Чарыевич",
    "Бердыевич",
    "Ильхомович",
]

BGN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", ["a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "_", "y", "_", "e", "yu", "ya"], strict=True))  # fmt: skip
ICAO = BGN | {"ё": "e", "й": "i", "ю": "iu", "я": "ia", "ъ": "ie"}
ISO9 = BGN | {"ё": "ë", "ж": "ž", "й": "j", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "ŝ", "э": "è", "ю": "û",
              "я": "â"}  # fmt: skip
GERMAN = BGN | {"в": "w", "ж": "sch", "й": "j", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch",
                "ю": "ju", "я": "ja", "ё": "jo"}  # fmt: skip
FRENCH = BGN | {"ж": "j", "й": "ï", "у": "ou", "ч": "tch", "ш": "ch", "щ": "chtch", "ю": "iou", "я": "ia", "ё": "io"}
TURKMEN = BGN | {"ж": "ž", "й": "ý", "х": "h", "ц": "s", "ч": "ç", "ш": "ş", "в": "w", "ю": "ýu", "я": "ýa", "ё": "ýo"}
UZBEK = BGN | {"ж": "j", "х": "x", "ю": "yu", "я": "ya", "ё": "yo", "э": "e"}
AZERI = BGN | {"ж": "j", "х": "x", "ч": "ç", "ш": "ş", "ы": "ı", "ю": "yu", "я": "ya"}
ENGLISH = BGN | {"ж": "j", "х": "h", "й": "i"}
VOWELS = set("аеёиоуыэюяъь")


def written_with(table: dict[str, str], after_vowel: str = "ye", joined: str = "") -> Callable[[str], str]:
    def write(word: str) -> str:
        out, before, text = [], "ъ", word.lower()
        if joined:
            text = text.replace("дж", "ǰ")
        for letter in text:
            if letter == "ǰ":
                out.append(joined)
            elif letter == "е" and before in VOWELS:
                out.append(after_vowel)
            else:
                out.append(table.get(letter, letter).replace("_", ""))
            before = letter
        return "".join(out).capitalize()

    return write


SCHEMES: dict[str, Callable[[str], str]] = {
    "russian": lambda word: word,
    "without ё": lambda word: word.replace("ё", "е").replace("Ё", "Е"),
    "bgn": written_with(BGN),
    "passport": written_with(ICAO, "e", "j"),
    "iso9": written_with(ISO9, "e"),
    "german": written_with(GERMAN, "je", "dsch"),
    "french": written_with(FRENCH, "ie", "dj"),
    "turkmen": written_with(TURKMEN, "ýe", "j"),
    "uzbek": written_with(UZBEK, "ye", "j"),
    "azerbaijani": written_with(AZERI, "ye", "c"),
    "english": written_with(ENGLISH, "e", "j"),
}


class Person(NamedTuple):
    family: str
    given: str
    father: str

    @property
    def on_record(self) -> str:
        return " ".join(map(SCHEMES["bgn"], filter(None, self)))


def people(number: int, seed: int = 7) -> list[Person]:
    chosen = random.Random(seed)
    found: dict[tuple[str, str], Person] = {}
    while len(found) < number:
        family, given = chosen.choice(FAMILIES), chosen.choice(GIVEN)
        father = chosen.choice(FATHERS) if chosen.random() < 0.6 else ""
        found.setdefault((family, given), Person(family, given, father))
    return list(found.values())


def cut(word: str, write: Callable[[str], str]) -> str:
    """The initial as that scheme writes it: "Sh." for Шавкат."""
    first = write(word[0])
    return f"{first if len(first) < 4 else first[:1]}."


def slip(word: str, chosen: random.Random) -> str:
    """One letter left out, doubled, changed or swapped with its neighbour; never the first."""
    at = chosen.randrange(1, len(word) - 1)
    return chosen.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chosen.choice("aeinorst") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def ways(person: Person, seed: int) -> list[tuple[str, str]]:
    """How the person may be written: scheme and order, and the text."""
    chosen = random.Random(seed)
    found = []
    for scheme, write in SCHEMES.items():
        family, given = write(person.family), write(person.given)
        father = write(person.father) if person.father else ""
        orders = [
            ("family first", f"{family} {given} {father}".strip()),
            ("given first", f"{given} {father} {family}".replace("  ", " ")),
            ("without the father", f"{given} {family}"),
            ("initial", f"{cut(person.given, write)} {family}"),
            ("capitals", f"{family.upper()} {given}"),
        ]
        if father:
            orders.append(("initials", f"{family} {cut(person.given, write)}{cut(person.father, write)}"))
        if scheme in ("bgn", "russian", "english"):
            orders.append(("slip", f"{given} {slip(family, chosen)}"))
        found += [(f"{scheme}, {order}", text) for order, text in orders]
    return found
