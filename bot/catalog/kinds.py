"""The fixed words of a catalog (kinds, uses, marks, languages) and THE table of what each kind means."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a resource is."""

    VIDEO = "video"
    PLAYLIST = "playlist"
    CHANNEL = "channel"
    COURSE = "course"
    PAPER = "paper"
    BOOK = "book"
    ARTICLE = "article"
    NOTEBOOK = "notebook"
    COMPETITION = "competition"
    DOCS = "docs"
    TOOL = "tool"
    REPO = "repo"
    THREAD = "thread"
    PROFILE = "profile"
    COMMUNITY = "community"
    CHEATSHEET = "cheatsheet"
    WEBSITE = "website"
    PODCAST = "podcast"
    DATASET = "dataset"
    OTHER = "other"


class Use(StrEnum):
    """How a learner meets a resource: as a dose, as something to follow, or by looking it up."""

    DOSE = "dose"
    FOLLOW = "follow"
    REFERENCE = "reference"


class Manner(StrEnum):
    """What one does with a resource. The method alternates them: watch, read, build (design, section 2)."""

    WATCH = "watch"
    READ = "read"
    BUILD = "build"


class Mark(StrEnum):
    """A level that a list itself gives to an entry."""

    INTRODUCTORY = "introductory"
    CULT = "cult"
    BEGINNER = "beginner"
    ADVANCED = "advanced"


class Language(StrEnum):
    """The language of a resource: ISO 639-1 codes, and `mul` (ISO 639-2) for several at once."""

    EN = "en"
    PT = "pt"
    ES = "es"
    AR = "ar"
    BN = "bn"
    CS = "cs"
    DE = "de"
    FA = "fa"
    FR = "fr"
    HE = "he"
    HI = "hi"
    ID = "id"
    IT = "it"
    JA = "ja"
    KO = "ko"
    NL = "nl"
    NO = "no"
    PL = "pl"
    RU = "ru"
    SV = "sv"
    TR = "tr"
    UK = "uk"
    VI = "vi"
    ZH = "zh"
    MUL = "mul"


class KindFacts(NamedTuple):
    """What is true of a kind unless an entry says otherwise. Minutes are for the whole thing; difficulty 1 to 3."""

    use: Use
    manner: Manner
    minutes: int
    difficulty: int
    long: bool  # runs over several days


KINDS: dict[Kind, KindFacts] = {
    Kind.VIDEO: KindFacts(Use.DOSE, Manner.WATCH, 15, 1, False),
    Kind.PLAYLIST: KindFacts(Use.DOSE, Manner.WATCH, 180, 2, True),
    Kind.CHANNEL: KindFacts(Use.FOLLOW, Manner.WATCH, 5, 1, False),
    Kind.COURSE: KindFacts(Use.DOSE, Manner.WATCH, 600, 2, True),
    Kind.PAPER: KindFacts(Use.DOSE, Manner.READ, 60, 3, False),
    Kind.BOOK: KindFacts(Use.DOSE, Manner.READ, 900, 2, True),
    Kind.ARTICLE: KindFacts(Use.DOSE, Manner.READ, 15, 2, False),
    Kind.NOTEBOOK: KindFacts(Use.DOSE, Manner.BUILD, 30, 2, False),
    Kind.COMPETITION: KindFacts(Use.DOSE, Manner.BUILD, 600, 3, True),
    Kind.DOCS: KindFacts(Use.REFERENCE, Manner.READ, 30, 2, False),
    Kind.TOOL: KindFacts(Use.REFERENCE, Manner.READ, 15, 2, False),
    Kind.REPO: KindFacts(Use.REFERENCE, Manner.READ, 30, 2, False),
    Kind.THREAD: KindFacts(Use.DOSE, Manner.READ, 5, 1, False),
    Kind.PROFILE: KindFacts(Use.FOLLOW, Manner.READ, 5, 1, False),
    Kind.COMMUNITY: KindFacts(Use.FOLLOW, Manner.READ, 5, 1, False),
    Kind.CHEATSHEET: KindFacts(Use.REFERENCE, Manner.READ, 5, 1, False),
    Kind.WEBSITE: KindFacts(Use.REFERENCE, Manner.READ, 15, 1, False),
    Kind.PODCAST: KindFacts(Use.DOSE, Manner.WATCH, 45, 1, False),
    Kind.DATASET: KindFacts(Use.REFERENCE, Manner.BUILD, 30, 2, False),
    Kind.OTHER: KindFacts(Use.REFERENCE, Manner.READ, 15, 2, False),
}
