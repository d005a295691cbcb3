"""Our own lists read link by link: what stands in each row is what a careful person would write down."""

from dataclasses import replace

import pytest

from bot.catalog.markdown.read import read_list
from bot.catalog.markdown.report import Item, Matter, What
from tests.catalog.markdown.places import HERE, own_lists

REPORTS = {path.stem: read_list(path.read_bytes(), path.name) for path in own_lists()}


def items(name: str, line: int) -> list[Item]:
    return [item for item in REPORTS[name].items if item.line == line]


def only(name: str, line: int) -> Item:
    (item,) = items(name, line)
    return item


FACTS = [
    # list, line, title, kind, author, published, minutes, mark
    ("trail", 14, "medidor de luz", "article", None, None, None, None),
    ("trail", 21, "A flor do século", "article", None, "2012-10", None, None),
    ("trail", 26, "Adubo sem mistério", "video", None, None, None, None),
    ("trail", 27, "Rega - Jardim Botânico (RJ)", "notebook", "@marina", None, None, None),
    ("trail", 28, "Minhocas exemplo", "notebook", "@marina", None, None, None),
    ("trail", 29, "Poda", "video", "Ada Lima", None, None, None),
    ("trail", 30, "Outros vídeos da playlist de poda", "playlist", None, None, None, None),
    ("trail", 37, "Canteiro Um", "competition", None, None, None, None),
    ("trail", 42, "Raízes profundas - 3Verdes Playlist", "playlist", None, None, 60, None),
    ("trail", 43, "Poda em resumo", "video", None, None, 15, None),
    ("trail", 44, "Tutorial da estufa", "video", None, None, 30, None),
    ("trail", 54, "Water Is All You Need", "paper", None, "2017-12", None, None),
    ("trail", 56, "A Pot fot the 2020s - PotNext", "paper", None, "2022-01", None, None),
    ("trail", 59, "Vasos", "course", None, None, 120, None),
    ("trail", 75, "folhas", "profile", None, None, None, None),
    ("role", 20, "Luz", "course", None, None, None, "beginner"),
    ("role", 21, "Luz", "channel", None, None, None, "advanced"),
    ("role", 24, "Water Crash Course", "course", None, None, None, None),
    ("role", 25, "Água (Escola Verde, com Ada Lima)", "course", "Ada Lima", None, None, None),
    ("role", 28, "Data Jardim", "website", None, None, None, None),
    ("role", 30, "Cursos da Kaggle", "course", None, None, None, None),
    ("role", 35, "Blog da Ada Lima", "website", "Ada Lima", None, None, None),
    ("role", 37, "verde/awesome-garden", "repo", None, None, None, None),
    ("role", 41, "Garden.AI", "community", None, None, None, None),
    ("role", 49, "Definições de sombra (escuro)", "paper", None, None, None, None),
    ("role", 51, "Interpretable Gardens: A Guide for Glass", "article", None, None, None, None),
    ("role", 52, "Nem tudo é sobre luz. Como ir além da sombra", "video", None, None, None, None),
    ("notes", 3, "Great illustration of watering", "article", None, None, None, None),
    ("notes", 11, "pytorch implementation LeafCLR", "repo", None, None, None, None),
    ("notes", 16, "Tools for watching the garden", "article", None, None, None, None),
    ("notes", 23, "Types we can apply to pictures", "article", None, None, None, None),
    ("evolution", 12, "Deep Gardens", "book", "Ada Lima", "2016", None, "cult"),
    (
        "evolution",
        16,
        "What Leaves Can Tell Us: Can they learn?",
        "article",
        "Ada Lima & Rui Sol",
        "2022-06",
        None,
        "cult",
    ),
    ("evolution", 19, "Papers, guides and interviews", "website", None, None, None, None),
    ("evolution", 23, "The rise of self-growing", "article", "Jo Bgn", "2020-12-03", None, "introductory"),
    ("evolution", 24, "Video explanation of blog post", "video", "Yan K", "2021-03-11", None, None),
    ("evolution", 26, "LeafCLR: A Simple Framework", "repo", "Verde", "2020-06-17", None, "cult"),
    ("evolution", 27, "SEED: The start of an era", "article", None, "2021-03-04", None, "cult"),
    ("evolution", 35, "GARD-2", "article", "OpenGarden", "2019-02", None, None),
    ("evolution", 36, "LaGard", "article", "Verde", "2021-05", None, None),
    ("evolution", 42, "MetaGarden: makes it easy", "tool", "Outer", None, None, None),
    ("evolution", 44, "Live planting", "video", "Garden Community", "2021", None, None),
    ("evolution", 47, "Gardens on clouds, Video Course", "playlist", "Verde", "2021-11", None, None),
    ("awesome", 13, "Second Book", "book", None, "2019", None, None),
    ("awesome", 14, "Bold Book", "book", "Rui Sol", None, None, None),
    ("awesome", 15, "Broken book", "book", None, None, None, None),
    ("awesome", 17, "To do", "book", None, None, None, None),
    ("awesome", 27, "Row Two", "article", "Rui Sol", "2019", None, None),
    ("awesome", 32, "A video", "video", None, None, None, None),
    ("awesome", 39, "HTML two", "article", None, None, None, None),
    ("awesome", 55, "Quoted", "paper", None, None, None, None),
]


@pytest.mark.parametrize("row", FACTS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_title_kind_author_date_time_and_level_are_read(row: tuple[str, int, str, str, str, str, int, str]) -> None:
    name, line, *expected = row
    item = only(name, line)
    assert [item.title, item.kind, item.author, item.published, item.minutes, item.mark] == expected


PLACES = [
    ("trail", 22, "Como cuidar > Panorama"),
    ("trail", 34, "Solo - Prática > Pesquisar sobre medidas e como comparar > Sol"),
    ("trail", 38, "Solo - Prática > Canteiros 'Para começar'"),
    ("trail", 42, "Solo - Prática > Basics"),
    ("trail", 50, "Solo - Prática"),
    ("trail", 74, "Perfis no twitter"),
    ("role", 12, "Saberes"),
    ("role", 20, "Cursos | Tutoriais > Luz"),
    ("role", 29, "Cursos | Tutoriais > Encontros Data Jardim"),
    ("role", 51, "Áreas > Estufa responsável"),
    ("notes", 16, "Tools for watching the garden"),
    ("evolution", 13, "Deep Gardens > Overview"),
    ("evolution", 24, "Deep Gardens > Self-Growing > The rise of self-growing"),
    ("evolution", 26, "Deep Gardens > Self-Growing > Contrast"),
    ("evolution", 47, "Tools > Use Cases"),
    ("awesome", 32, "Tables > Videos"),
    ("awesome", 37, "Tables"),
    ("awesome", 40, "Tables > HTML two"),
]


@pytest.mark.parametrize(("name", "line", "place"), PLACES)
def test_headings_labels_and_parent_bullets_make_the_place(name: str, line: int, place: str) -> None:
    assert only(name, line).place == place


@pytest.mark.parametrize(
    ("name", "line", "titles"),
    [
        ("trail", 32, ["Índice de seca", "Balanço hídrico"]),
        ("trail", 35, ["pá", "enxada", "regador"]),
        ("trail", 64, ["Vaso A", "Vaso B"]),
        ("notes", 6, ["How to get ready. Topics", "How to get ready. Topics"]),
        ("notes", 32, ["seedbox", "compare blog"]),
        ("notes", 35, ["LoSeed", "PESeed"]),
        ("awesome", 12, ["First Book", "a chapter"]),
        ("awesome", 26, ["Row One", "Row One"]),
        ("awesome", 50, ["Growing Roots", "Growing Roots", "Growing Roots"]),
    ],
)
def test_several_links_on_one_line_are_each_their_own(name: str, line: int, titles: list[str]) -> None:
    assert [item.title for item in items(name, line)] == titles


def test_an_enumeration_is_a_group_and_its_unlinked_members_are_kept() -> None:
    assert {item.group[-1] for item in items("trail", 32)} == {"Chuva"}
    members = [rest.text for rest in REPORTS["trail"].rest if rest.group[-1:] == ("Sol",)]
    assert members == ["UV", "horas, graus, lux"]


def test_days_recommended_for_each_are_inherited_and_those_for_one_are_its_own() -> None:
    days = {item.title: item.days for item in REPORTS["trail"].items if item.days}
    assert days == {"Canteiro Um": 10, "Canteiro Dois": 10, "Digit Pot: Getting Started Competition": 10}


def test_a_level_is_not_inherited_by_what_is_nested_below() -> None:
    assert only("evolution", 23).mark == "introductory"
    assert only("evolution", 24).mark is None


def test_points_below_a_link_are_its_parts() -> None:
    assert only("trail", 59).parts == ("Barro", "Cimento")
    assert only("evolution", 27).parts == ("uses Water",)


@pytest.mark.parametrize(
    ("name", "line", "note"),
    [
        ("trail", 14, "Instalar o medidor de luz no celular, e aprender a usar"),
        ("trail", 34, "como tratar"),
        ("trail", 54, "paper original: fundamental ler"),
        ("trail", 55, None),
        ("trail", 65, "é o melhor material sobre vasos, com muitas soluções."),
        ("role", 29, "Edição sobre irrigação"),
        ("role", 30, "são vários!"),
        ("notes", 3, "How can we water well (time, water)?"),
        ("evolution", 35, "a successor to GARD trained to grow. 40GB."),
        ("awesome", 27, "Auth: no"),
    ],
)
def test_remarks_are_kept_as_a_draft_of_the_note(name: str, line: int, note: str | None) -> None:
    assert only(name, line).note == note


def test_a_long_line_before_a_list_is_a_remark_on_each_of_its_links() -> None:
    assert (only("trail", 50).note or "").startswith("Um estudo muito útil é comparar")


def test_a_link_in_a_remark_on_another_is_an_item_and_says_so() -> None:
    first, aside = items("awesome", 12)
    assert first.author == "Ada Lima"
    assert first.note == "A first book, with a chapter on glass."
    assert "it stands in the remark on another link" in aside.doubts


def test_other_forms_of_a_work_carry_its_title_and_their_own_kind() -> None:
    assert [item.kind for item in items("awesome", 50)] == ["paper", "paper", "repo"]
    assert {item.published for item in items("awesome", 50)} == {"2020"}


@pytest.mark.parametrize(
    ("name", "line", "url"),
    [
        ("trail", 44, "https://www.youtube.com/watch?v=estufa00001"),
        ("trail", 63, "https://docs.example.org/#:~:text=Um%20vaso,com%20terra."),
        ("awesome", 12, "https://example.org/first"),
        ("awesome", 15, "https://example.org/broken"),
    ],
)
def test_an_address_is_kept_as_it_was_meant(name: str, line: int, url: str) -> None:
    assert items(name, line)[0].url == url


def test_bare_addresses_end_where_they_were_meant_to() -> None:
    assert [item.url for item in items("awesome", 51)] == ["https://example.org/a_(b)", "https://example.org/angle"]


@pytest.mark.parametrize(
    ("name", "matter", "lines"),
    [
        ("trail", Matter.LEFT_OUT, [7, 8, 9, 19]),
        ("awesome", Matter.LEFT_OUT, [1, 3, 7, 8, 52, 53]),
        ("awesome", Matter.UNPLACED, [16, 20, 52, 52, 52]),
    ],
)
def test_what_is_no_resource_is_named_with_its_line(name: str, matter: Matter, lines: list[int]) -> None:
    assert [finding.line for finding in REPORTS[name].of(matter)] == lines


@pytest.mark.parametrize(
    ("name", "line", "what", "text"),
    [
        ("notes", 26, What.CODE, "mlflow ui - backend-store-uri https://not.a.link/"),
        ("notes", 38, What.BULLET, "Does the plant assume anything?"),
        ("evolution", 30, What.BULLET, "word2leaf"),
        ("evolution", 43, What.BULLET, "Neptune.AI"),
        ("role", 7, What.PROSE, "A jardineira cuida da estufa. A estufa é apenas uma ferramenta."),
        ("awesome", 44, What.COMMENT, "[hidden](https://example.org/hidden)"),
    ],
)
def test_what_has_no_link_is_kept_with_its_place(name: str, line: int, what: What, text: str) -> None:
    (rest,) = [rest for rest in REPORTS[name].rest if rest.line == line]
    assert (rest.what, rest.text) == (what, text)


def test_the_title_of_a_list_is_no_place() -> None:
    assert {name: report.title for name, report in REPORTS.items()} == {
        "awesome": "Awesome Garden",
        "evolution": "Garden Resources",
        "notes": None,
        "role": "✨ Trilha de quem cuida da estufa ✨",
        "trail": "Trilha do jardim",
    }
    for report in REPORTS.values():
        assert all(report.title not in item.section for item in report.items)


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = (HERE / "trail.md").read_text(encoding="utf-8")
    plain = read_list(text, "trail.md")
    windows = read_list(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "trail.md")
    assert windows.items == plain.items
    assert windows.findings == plain.findings


def test_stars_for_bullets_and_tabs_for_blanks_change_nothing() -> None:
    text = (HERE / "trail.md").read_text(encoding="utf-8")
    starred = text.replace("    - ", "\t\t* ").replace("  - ", "\t* ").replace("\n- ", "\n*\t")
    assert read_list(starred, "trail.md").items == REPORTS["trail"].items


def test_the_report_in_words_begins_with_the_counts() -> None:
    words = REPORTS["trail"].in_words()
    assert words[0].startswith("trail.md: 34 links to 34 resources, ")
    assert "line 19: left out: a picture: “Mapa do jardim”" in words


def test_the_same_address_twice_is_pointed_at() -> None:
    report = read_list("- [A](https://example.org/a)\n- [B](http://www.example.org/a/#top)\n", "x")
    assert [finding.text for finding in report.findings] == ["“B” is on line 1 too"]
    assert replace(report.items[0], title="B").canonical == report.items[1].canonical
