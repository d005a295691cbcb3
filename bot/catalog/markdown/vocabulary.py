"""The words by which keepers of lists say what a link is, in English and Portuguese: one table for each question.

All keys are lower case. A new word is one more entry here and needs no code.
"""

from __future__ import annotations

from bot.catalog.kinds import Kind, Language, Mark

KIND_WORDS: dict[str, Kind] = {
    word: kind
    for kind, words in {
        Kind.VIDEO: "video|vídeo|videos|vídeos|talk|palestra|lecture|aula|webinar|screencast|🎥|📺|📹|▶️",
        Kind.PLAYLIST: "playlist|youtube playlist|playlists|video series|série de vídeos",
        Kind.CHANNEL: "channel|canal|youtube channel|canal do youtube|canais",
        Kind.COURSE: "course|curso|mooc|courses|cursos|specialization|🎓",
        Kind.PAPER: "paper|papers|preprint|whitepaper|white paper|artigo científico|survey|thesis|tese|research paper|📄",
        Kind.BOOK: "book|livro|ebook|e-book|books|livros|📖|📚|📕|📘|📗|📙",
        Kind.ARTICLE: "article|artigo|blog|blog post|blogpost|blog-post|post|essay|articles|artigos|news|notícia|📝|📰",
        Kind.NOTEBOOK: "notebook|notebooks|jupyter|jupyter notebook|colab|kaggle notebook|📓",
        Kind.COMPETITION: "competition|competição|challenge|desafio|competitions|🏆",
        Kind.DOCS: "docs|documentation|documentação|doc|reference|referência|user guide|official docs|official tutorial",
        Kind.TOOL: "tool|ferramenta|library|lib|biblioteca|framework|package|pacote|app|software|🔧|🛠|🛠️|🧰",
        Kind.REPO: "repo|github|github repo|repository|repositório|code|código|source code|source|implementation|💻|📦",
        Kind.THREAD: "thread|twitter thread|a thread|tweet|discussion|discussão|forum post|🧵",
        Kind.PROFILE: "profile|perfil|twitter|linkedin|🐦",
        Kind.COMMUNITY: "community|comunidade|forum|fórum|discord|slack|group|grupo|meetup|👥",
        Kind.CHEATSHEET: "cheatsheet|cheat sheet|cheat-sheet|cola|guia rápido|resumo visual",
        Kind.WEBSITE: "website|site|web site|homepage|home page|portal|newsletter|página",
        Kind.PODCAST: "podcast|podcasts|episode|episódio|🎧|🎙|🎙️",
        Kind.DATASET: "dataset|datasets|data set|conjunto de dados|base de dados|data|dados|💾|📊",
        Kind.OTHER: "other|outro",
    }.items()
    for word in words.split("|")
}

WEAK_KIND_WORDS = frozenset({"youtube"})
"""Words that name a site, not a kind: the address says whether a video, a playlist or a channel is meant."""

KIND_NAMES: dict[str, dict[Kind, str]] = {
    "en": {kind: kind.value for kind in Kind},
    "pt": {
        Kind.VIDEO: "vídeo",
        Kind.PLAYLIST: "playlist",
        Kind.CHANNEL: "canal",
        Kind.COURSE: "curso",
        Kind.PAPER: "artigo científico",
        Kind.BOOK: "livro",
        Kind.ARTICLE: "artigo",
        Kind.NOTEBOOK: "notebook",
        Kind.COMPETITION: "competição",
        Kind.DOCS: "documentação",
        Kind.TOOL: "ferramenta",
        Kind.REPO: "repositório",
        Kind.THREAD: "thread",
        Kind.PROFILE: "perfil",
        Kind.COMMUNITY: "comunidade",
        Kind.CHEATSHEET: "cola",
        Kind.WEBSITE: "site",
        Kind.PODCAST: "podcast",
        Kind.DATASET: "conjunto de dados",
        Kind.OTHER: "outro",
    },
}
"""What `publish` calls a kind; each of these words reads back to its kind."""

SECTION_KINDS: dict[str, Kind] = {
    "papers": Kind.PAPER,
    "artigos científicos": Kind.PAPER,
    "books": Kind.BOOK,
    "livros": Kind.BOOK,
    "courses": Kind.COURSE,
    "cursos": Kind.COURSE,
    "moocs": Kind.COURSE,
    "videos": Kind.VIDEO,
    "vídeos": Kind.VIDEO,
    "talks": Kind.VIDEO,
    "youtube channels": Kind.CHANNEL,
    "canais": Kind.CHANNEL,
    "podcasts": Kind.PODCAST,
    "communities": Kind.COMMUNITY,
    "community": Kind.COMMUNITY,
    "comunidades": Kind.COMMUNITY,
    "websites": Kind.WEBSITE,
    "sites": Kind.WEBSITE,
    "blogs": Kind.WEBSITE,
    "newsletters": Kind.WEBSITE,
    "tools": Kind.TOOL,
    "ferramentas": Kind.TOOL,
    "libraries": Kind.TOOL,
    "frameworks": Kind.TOOL,
    "datasets": Kind.DATASET,
    "cheat sheets": Kind.CHEATSHEET,
    "cheatsheets": Kind.CHEATSHEET,
    "notebooks": Kind.NOTEBOOK,
    "competitions": Kind.COMPETITION,
    "perfis no twitter": Kind.PROFILE,
    "people": Kind.PROFILE,
    "pessoas": Kind.PROFILE,
    "articles": Kind.ARTICLE,
    "artigos": Kind.ARTICLE,
    "tutorials": Kind.ARTICLE,
}
"""What a heading says about the links below it, where the address itself says little."""

MARKS: dict[str, Mark] = {
    word: mark
    for mark, words in {
        Mark.CULT: "cult|landmark|clássico|classic|seminal",
        Mark.INTRODUCTORY: "introductory|introductionary|introduction|intro|introdutório|introdutória",
        Mark.BEGINNER: "beginner|beginners|iniciante|iniciantes|básico|basic|easy|🟢",
        Mark.ADVANCED: "advanced|avançado|avançada|expert|hard|🔴",
    }.items()
    for word in words.split("|")
}

LEVEL_WORDS = frozenset({"introductory", "introductionary", "introdutório", "introdutória", "cult"})
"""Words of level beside "beginner" and "advanced" that are a label by themselves; "introduction" or "classic" may be a title."""

FREE_WORDS: dict[str, bool] = {
    word: free
    for free, words in {
        True: "free|free access|open access|gratis|grátis|gratuito|gratuita|gratuitos|gratuitas|acesso livre|🆓",
        False: "paid|paywall|pago|paga|pagos|pagas|💰|💲",
    }.items()
    for word in words.split("|")
}
"""What a label says of the price."""

FREE_NAMES: dict[str, dict[bool, str]] = {
    "en": {True: "free", False: "paid"},
    "pt": {True: "gratuito", False: "pago"},
}

STARS = frozenset({"⭐", "⭐️", "🌟", "★"})
"""What a keeper puts beside the best of a list."""

MARK_NAMES: dict[str, dict[Mark, str]] = {
    "en": {mark: mark.value for mark in Mark},
    "pt": {
        Mark.CULT: "clássico",
        Mark.INTRODUCTORY: "introdutório",
        Mark.BEGINNER: "iniciante",
        Mark.ADVANCED: "avançado",
    },
}

MONTH_NAMES = (
    "jan january janeiro",
    "feb fev february fevereiro",
    "mar march março",
    "apr abr april abril",
    "may mai maio",
    "jun june junho",
    "jul july julho",
    "aug ago august agosto",
    "sep set sept september setembro",
    "oct out october outubro",
    "nov november novembro",
    "dec dez december dezembro",
)
MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, start=1) for name in names.split()}

LANGUAGE_WORDS: dict[str, Language] = {
    word: language
    for language, words in {
        Language.EN: "en|english|inglês|ingles|in english|em inglês|🇺🇸|🇬🇧",
        Language.PT: "pt|pt-br|portuguese|português|portugues|in portuguese|em português|ptbr|🇧🇷|🇵🇹",
        Language.ES: "es|spanish|español|espanhol|in spanish|em espanhol|🇪🇸",
        Language.FR: "fr|french|français|francês|in french|em francês|🇫🇷",
        Language.DE: "de|german|deutsch|alemão|in german|em alemão|🇩🇪",
        Language.ZH: "zh|chinese|chinês|in chinese|em chinês|🇨🇳",
        Language.JA: "ja|japanese|japonês|in japanese|em japonês|🇯🇵",
        Language.RU: "ru|russian|russo|in russian|em russo|🇷🇺",
        Language.FA: "fa|persian|farsi|persa|in persian|em persa|🇮🇷",
    }.items()
    for word in words.split("|")
}

GENERIC_WORDS = """
link to course | course website | course | materials | link to materials | lecture notes | notes | lecture videos |
documentation | documentação | project page | supplementary | review | summary | paper 1 | paper 2 |
link | links | here | aqui | this | this one | isto | site | website | web | page | página | blog | post |
blog post | article | artigo | paper | pdf | code | código | video | vídeo | youtube | github | source | fonte |
url | read | read more | ler | leia | leia mais | exemplo | example | more | mais | ver | see | watch | assista |
slides | demo | docs | book | livro | notebook | colab | repo | repository | dataset | project | projeto | home |
homepage | download | 1 | 2 | 3 | 4 | 5 | [1] | [2] | [3] | 🔗 | 📄 | 💻 | ▶️
"""
GENERIC = frozenset(word.strip() for word in GENERIC_WORDS.split("|"))
"""Link texts that are no title: the title is the nearest words or the heading."""

FILLERS = (
    "algumas",
    "alguns",
    "um pouco",
    "some",
    "a few",
    "here",
    "below",
    "abaixo",
    "aqui",
    "veja",
    "seguem",
    "the following",
    "these",
    "os seguintes",
    "as seguintes",
    "confira",
)
"""How a line begins that leads to a list without naming a group."""

FRONT_MATTER_WORDS = """
about | sobre | introduction | introdução | apresentação | overview of this list | what is this | motivation |
motivação
"""
FRONT_MATTER = frozenset(word.strip() for word in FRONT_MATTER_WORDS.split("|"))
"""Headings that say something about the list and are no place for what stands below deeper headings."""

CONTENTS_WORDS = """
contents | content | table of contents | toc | sumário | sumario | índice | indice | conteúdo | conteúdos |
tabela de conteúdos | quick links | index | menu
"""
CONTENTS = frozenset(word.strip() for word in CONTENTS_WORDS.split("|"))

BADGE_HOSTS = (
    "shields.io",
    "badge",
    "awesome.re",
    "travis-ci",
    "circleci.com",
    "codecov.io",
    "coveralls.io",
    "badgen.net",
    "zenodo.org/badge",
    "github.com/sindresorhus/awesome",
    "opencollective.com",
    "gitter.im",
    "star-history",
    "contrib.rocks",
    "visitor",
    "ko-fi.com",
    "buymeacoffee",
)
"""What the address of a picture holds that says something about the project, not about a resource."""

NOT_NAMES_WORDS = """
a ai analysis an and api app application applications approach architecture attention automl aws azure barrier
basic basics bayesian begin beginner benchmark beyond big blog book bootcamp build building by case chat class
cloud code common community competition complete computer concepts course cross curso custom dados data
dataset datasets deep deploy deployment design detection disentangled docs documentation domain dropout
embedding encoding end engineering entity error evaluation example examples exemplo explained extraction face
fast feature features feedback fine first flow for framework from full fundamentals getting github global google great
guia guide hands how hub human hugging image images impact in inference intro introduction is kaggle language large
learn learning level lib library lightning linear llm local machine management mechanism method methods
metrics microservice microsoft minutes mixed ml model modeling models monitoring my near network networks
neural nlp normalization notebook object of on online open optimization original overview packages paper
papers part pattern patterns performance playlist podcast post power practical practice pressure processing
production project projects prompt public pytorch quick real reef regression representation research review
robust science scikit search self sentence series server shot simple small social society software source
space start state statistics step stream streaming study summary supervised survey system systems task tasks
team technical tensorflow test testing text the theory time tips to tool tools topics tracking train training
transfer transformer transformers trend tutorial tutorials udemy understanding university use user validation
video view vision visual visualization web window with word workflow world youtube zero
"""
NOT_NAMES = frozenset(NOT_NAMES_WORDS.split())
"""Words that stand with a capital letter in titles and remarks but in nobody's name."""
