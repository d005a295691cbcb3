"""Which addresses are the same resource and which are not: a table, and the promises that hold for any text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.catalog.address import LONGEST, AddressError, canonical, repair

VIDEO = "https://youtube.com/watch?v=plXM4pNSYXs"
LISTED = VIDEO + "&list=PL98nY_tJQXZ"
PAPER = "https://arxiv.org/abs/1706.03762"
POST = "https://x.com/i/status/1614385689424187392"
STORY = "https://medium.com/p/90e6cc364b0"
UPDATE = "https://linkedin.com/feed/update/urn:li:activity:7076483314697609216"
PAGE = "https://example.org/guide"

SAME = [
    # scheme, host, port
    ("http://example.org/guide", PAGE),
    ("HTTPS://Example.ORG/guide", PAGE),
    ("https://www.example.org/guide", PAGE),
    ("//example.org/guide", PAGE),
    ("example.org/guide", PAGE),
    ("https://example.org:443/guide", PAGE),
    ("http://example.org:80/guide", PAGE),
    ("https://example.org:8443/guide", "https://example.org:8443/guide"),
    ("https://example.org./guide", PAGE),
    ("https://reader:secret@example.org/guide", PAGE),
    ("https://bücher.example/", "https://xn--bcher-kva.example"),
    ("https://www.com/guide", "https://www.com/guide"),
    ("http://[2001:DB8::1]/guide", "https://[2001:db8::1]/guide"),
    ("http:example.org/guide", PAGE),
    ("https:\\\\example.org\\guide", PAGE),
    # path
    ("https://example.org", "https://example.org"),
    ("https://example.org/", "https://example.org"),
    ("https://example.org/guide/", PAGE),
    ("https://example.org/a/../guide/./", PAGE),
    ("https://example.org/../../guide", PAGE),
    ("https://example.org/%67uide", PAGE),
    ("https://example.org/o-que-%c3%a9", "https://example.org/o-que-%C3%A9"),
    ("https://example.org/o-que-é", "https://example.org/o-que-%C3%A9"),
    ("https://example.org/100%", "https://example.org/100%25"),
    ("https://example.org/two words", "https://example.org/two%20words"),
    ("https://example.org/Guide", "https://example.org/Guide"),
    (" <https://example.org/guide> ", PAGE),
    ("https://example.org/guide]", PAGE),
    ("https://example.org/guide)>", PAGE),
    ("https://example.org/Python_(language)", "https://example.org/Python_(language)"),
    ("https://example.org/gui\nde", PAGE),
    # query
    ("https://example.org/guide?", PAGE),
    ("https://example.org/guide?utm_source=share&utm_medium=social", PAGE),
    ("https://example.org/guide?UTM_Source=share", PAGE),
    ("https://example.org/guide?id=7&fbclid=abc&gclid=d", PAGE + "?id=7"),
    ("https://example.org/guide?_lrsc=2816a671-927b", PAGE),
    ("https://example.org/guide?trk=feed&mc_cid=1&_hsenc=2&ref=newsletter", PAGE),
    ("https://example.org/guide?b=2&a=1", PAGE + "?a=1&b=2"),
    ("https://example.org/?page=2", "https://example.org/?page=2"),
    ("https://example.org/guide?resume=false", PAGE + "?resume=false"),
    # fragment
    ("https://example.org/guide#setup", PAGE),
    ("https://example.org/guide#%F0%9F%93%A6-YOLOv5", PAGE),
    ("https://example.org/guide#", PAGE),
    ("https://example.org/guide#:~:text=a%20platform%20for,with%20LLMs.", PAGE + "#:~:text=a%20platform%20for,with%20LLMs."),
    ("https://example.org/guide#setup:~:text=Self%2Dsupervised", PAGE + "#:~:text=Self%2Dsupervised"),
    ("https://example.org/#/lesson/3", "https://example.org#/lesson/3"),
    ("https://example.org/#!/lesson/3", "https://example.org#!/lesson/3"),
    ("https://example.org/sheet#gid=4", "https://example.org/sheet#gid=4"),
    # YouTube
    ("https://www.youtube.com/watch?v=plXM4pNSYXs", VIDEO),
    ("https://www.youtube.com/watch?app=desktop&v=plXM4pNSYXs", VIDEO),
    ("https://m.youtube.com/watch?v=plXM4pNSYXs&feature=share", VIDEO),
    ("https://youtu.be/plXM4pNSYXs", VIDEO),
    ("https://youtu.be/plXM4pNSYXs?si=Qx81&t=4378", VIDEO),
    ("https://www.youtube.com/watch?v=plXM4pNSYXs&t=1460s", VIDEO),
    ("https://www.youtube.com/watch?v=plXM4pNSYXs]", VIDEO),
    ("https://www.youtube.com/embed/plXM4pNSYXs?rel=0", VIDEO),
    ("https://www.youtube-nocookie.com/embed/plXM4pNSYXs", VIDEO),
    ("https://www.youtube.com/shorts/plXM4pNSYXs", VIDEO),
    ("https://www.youtube.com/live/plXM4pNSYXs?feature=shared", VIDEO),
    ("https://www.youtube.com/watch?v=plXM4pNSYXs&list=RDplXM4pNSYXs", VIDEO),
    ("https://www.youtube.com/watch?v=plXM4pNSYXs&list=PL98nY_tJQXZ&index=23", LISTED),
    ("https://www.youtube.com/watch?list=PL98nY_tJQXZ&v=plXM4pNSYXs", LISTED),
    ("https://www.youtube.com/playlist?app=desktop&list=PL98nY_tJQXZ", "https://youtube.com/playlist?list=PL98nY_tJQXZ"),
    ("https://www.youtube.com/embed/videoseries?list=PL98nY_tJQXZ", "https://youtube.com/playlist?list=PL98nY_tJQXZ"),
    ("https://www.youtube.com/c/AndrejKarpathy/videos", "https://youtube.com/c/andrejkarpathy"),
    ("https://www.youtube.com/c/KarineLago/playlists?app=desktop", "https://youtube.com/c/karinelago/playlists"),
    ("https://www.youtube.com/channel/UC12LqyqTQYbXatYS9AA7Nuw/featured", "https://youtube.com/channel/UC12LqyqTQYbXatYS9AA7Nuw"),
    ("https://www.youtube.com/@StatQuest/featured", "https://youtube.com/@statquest"),
    ("https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.org%2Fguide", PAGE),
    # arXiv and DOI
    ("https://arxiv.org/abs/1706.03762", PAPER),
    ("https://arxiv.org/abs/1706.03762v5", PAPER),
    ("http://arxiv.org/pdf/1706.03762.pdf", PAPER),
    ("https://arxiv.org/pdf/1706.03762v5.pdf", PAPER),
    ("https://arxiv.org/pdf/1706.03762", PAPER),
    ("https://export.arxiv.org/abs/1706.03762", PAPER),
    ("https://arxiv.org/html/1706.03762v7", PAPER),
    ("https://ar5iv.labs.arxiv.org/html/1706.03762", PAPER),
    ("https://arxiv.org/ftp/arxiv/papers/1706/1706.03762.pdf", PAPER),
    ("https://doi.org/10.48550/arXiv.1706.03762", PAPER),
    ("https://arxiv.org/abs/cs/0112017v1", "https://arxiv.org/abs/cs/0112017"),
    ("https://dx.doi.org/10.1145/ABC.7", "https://doi.org/10.1145/abc.7"),
    ("https://arxiv.org/list/cs.LG/recent", "https://arxiv.org/list/cs.LG/recent"),
    # Twitter, X
    ("https://twitter.com/radekosmulski/status/1614385689424187392", POST),
    ("https://x.com/RadekOsmulski/status/1614385689424187392", POST),
    ("https://mobile.twitter.com/radekosmulski/status/1614385689424187392?t=Vy6R&s=08", POST),
    ("https://twitter.com/radekosmulski/status/1614385689424187392/photo/1", POST),
    ("https://twitter.com/i/web/status/1614385689424187392", POST),
    ("https://twitter.com/Sentdex?lang=en", "https://x.com/sentdex"),
    ("https://twitter.com/search?q=%40marktenenholtz%20scrum&src=typed_query", "https://x.com/search?q=%40marktenenholtz%20scrum"),
    # Medium
    ("https://medium.com/@ODSC/transforming-skewed-data-90e6cc364b0", STORY),
    ("https://medium.com/swlh/another-title-90e6cc364b0?source=friends_link&sk=1", STORY),
    ("https://odsc.medium.com/transforming-skewed-data-90e6cc364b0", STORY),
    ("https://towardsdatascience.com/a-story-17057262cd0?gi=1f&source=rss", "https://towardsdatascience.com/a-story-17057262cd0"),
    ("https://medium.com/m/global-identity?redirectUrl=https%3A%2F%2Fexample.org%2Fguide", PAGE),
    # LinkedIn
    ("https://www.linkedin.com/feed/update/urn:li:activity:7076483314697609216/", UPDATE),
    ("https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7076483314697609216", UPDATE),
    ("https://br.linkedin.com/posts/someone_topic-activity-7076483314697609216-pZhh/?utm_source=share", UPDATE),
    ("https://www.linkedin.com/learning/a-course/a-part?resume=false&trk=x", "https://linkedin.com/learning/a-course/a-part"),
    ("https://www.linkedin.com/in/Some-One/", "https://linkedin.com/in/some-one"),
    # GitHub, Kaggle, Wikipedia, documents, shops
    ("https://github.com/HuggingFace/PEFT.git", "https://github.com/huggingface/peft"),
    ("https://github.com/huggingface/peft/tree/main?tab=readme-ov-file#install", "https://github.com/huggingface/peft"),
    ("https://github.com/huggingface/peft/tree/main/docs", "https://github.com/huggingface/peft/tree/main/docs"),
    ("https://gitlab.com/a/b?ref=develop", "https://gitlab.com/a/b?ref=develop"),
    ("https://www.kaggle.com/c/titanic", "https://kaggle.com/competitions/titanic"),
    ("https://www.kaggle.com/code/a/b/notebook#EDA", "https://kaggle.com/code/a/b"),
    ("https://www.kaggle.com/a/b?scriptVersionId=33686389", "https://kaggle.com/a/b"),
    ("https://meta.m.wikimedia.org/wiki/Models", "https://meta.wikimedia.org/wiki/Models"),
    ("https://docs.google.com/document/d/1uvAb/edit?usp=sharing#heading=h.w8", "https://docs.google.com/document/d/1uvAb#heading=h.w8"),
    ("https://www.amazon.com.br/A-Book/dp/199957950X/ref=sr_1_1?keywords=x", "https://amazon.com.br/dp/199957950X"),
    ("https://aws.amazon.com/pt/blogs/aws/a/?sc_channel=sm&trk=x&linkId=25", "https://aws.amazon.com/pt/blogs/aws/a"),
    ("https://www.udemy.com/course/a-course/?couponCode=X", "https://udemy.com/course/a-course"),
    ("https://www.google.com/url?q=https%3A%2F%2Fexample.org%2Fguide&sa=D", PAGE),
]  # fmt: skip

DIFFERENT = [
    ("one video", "the same video within its playlist", VIDEO, LISTED),
    (
        "a video",
        "its playlist",
        LISTED,
        "https://youtube.com/playlist?list=PL98nY_tJQXZ",
    ),
    (
        "a channel",
        "its playlists",
        "https://youtube.com/c/KarineLago",
        "https://youtube.com/c/KarineLago/playlists",
    ),
    ("one paper", "another", PAPER, "https://arxiv.org/abs/1706.03763"),
    (
        "a profile",
        "a post of it",
        "https://x.com/svpino",
        "https://x.com/svpino/status/1614385689424187392",
    ),
    ("a page", "a text on it", PAGE, PAGE + "#:~:text=one"),
    ("two texts of a page", "", PAGE + "#:~:text=one", PAGE + "#:~:text=two"),
    (
        "a competition",
        "its notebooks",
        "https://kaggle.com/c/a",
        "https://kaggle.com/competitions/a/code",
    ),
    (
        "a repository",
        "a file of it",
        "https://github.com/a/b",
        "https://github.com/a/b/blob/main/book.pdf",
    ),
    ("an edition", "a later one", "https://keras.io", "https://keras.io/examples"),
]

REFUSED = [
    ("javascript:alert(1)", "only http and https are taken, not javascript:"),
    (
        "JavaScript://example.org/%0aalert(1)",
        "only http and https are taken, not javascript:",
    ),
    ("file:///etc/passwd", "only http and https are taken, not file:"),
    ("data:text/html,hello", "only http and https are taken, not data:"),
    ("mailto:someone@example.org", "only http and https are taken, not mailto:"),
    ("", "an empty address"),
    ("   ", "an empty address"),
    ("just words", "no web address"),
    ("#section", "no web address"),
    ("../notes.md", "no web address"),
    ("https://", "no host that can exist"),
    ("https://-.-/", "no host that can exist"),
    ("https://exa mple.org/", "no host that can exist"),
    ("https://example.org/a\x00b", "an address with characters that cannot be seen"),
    ("https://example.org/\u202egpj", "an address with characters that cannot be seen"),
    ("https://example.org/" + "a" * LONGEST, "an address of 4,116 characters"),
]


@pytest.mark.parametrize(("url", "expected"), SAME)
def test_the_same_resource_has_one_canonical_address(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(("url", "expected"), SAME)
def test_every_canonical_address_of_the_table_is_its_own(url: str, expected: str) -> None:
    assert canonical(expected) == expected


@pytest.mark.parametrize(("what", "other", "one", "two"), DIFFERENT)
def test_different_resources_stay_different(what: str, other: str, one: str, two: str) -> None:
    assert canonical(one) != canonical(two), f"{what} is not {other}"


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_web_address_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(AddressError) as caught:
        canonical(text)
    assert caught.value.reason == reason
    assert len(str(caught.value)) < 200


def test_the_table_has_eighty_cases_at_least() -> None:
    assert len({url for url, _ in SAME}) >= 80


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://youtu.be/DQc2Mi7BcuI]", "https://youtu.be/DQc2Mi7BcuI"),
        (
            "https://en.wikipedia.org/wiki/Python_(language)",
            "https://en.wikipedia.org/wiki/Python_(language)",
        ),
        ("https://example.org/a?b[]=1", "https://example.org/a?b[]=1"),
        ("https://example.org/)", "https://example.org/"),
    ],
)
def test_a_bracket_that_nothing_opened_is_taken_off(written: str, meant: str) -> None:
    assert repair(written) == meant


HOSTS_WORDS = (
    "youtube.com youtu.be m.youtube.com arxiv.org twitter.com x.com medium.com a.medium.com linkedin.com github.com "
    "kaggle.com docs.google.com google.com amazon.com doi.org en.m.wikipedia.org example.org www.www.org"
)
HOSTS = st.sampled_from(HOSTS_WORDS.split(" "))
STEP_WORDS = (
    "watch playlist embed c @A channel abs pdf 1706.03762v2 1706.03762.pdf status 123 posts activity-7076483314697609216 "
    "feed urn%3Ali%3Aactivity%3A7076483314697609216 p a-90e6cc364b0 url tree main .. . %2e é %C3 d edit dp 199957950X "
    "10.48550 arXiv.1706.03762 m global-identity plXM4pNSYXs plXM4pNSYXs] A%20B"
)
STEP = st.sampled_from(STEP_WORDS.split(" ")) | st.text(max_size=4)  # fmt: skip
PAIR_WORDS = (
    "v=plXM4pNSYXs list=PLx list=RDx utm_source=x t=3 app=desktop q=https%3A%2F%2Fyoutu.be%2FplXM4pNSYXs ref=x sk url=http://x.com/A "
    "redirectUrl=https%3A%2F%2Fgoogle.com%2Furl%3Fq%3Dhttps%253A%252F%252Fyoutu.be%252Fa"
)
PAIR = st.sampled_from(PAIR_WORDS.split(" ")) | st.text(max_size=4)  # fmt: skip
ADDRESSES = st.builds(
    lambda scheme, host, steps, pairs, fragment: f"{scheme}{host}/{'/'.join(steps)}?{'&'.join(pairs)}#{fragment}",
    st.sampled_from(["http://", "https://www.", "//", "", "HTTPS://u:p@"]),
    HOSTS,
    st.lists(STEP, max_size=5),
    st.lists(PAIR, max_size=4),
    st.sampled_from(["", "a", ":~:text=a", "!/a", "a=b", "%7e%", "a#b"]) | st.text(max_size=4),
)


@given(ADDRESSES | st.text(max_size=40))
@example("https://youtube.com/watch/embed/../embed/plXM4pNSYXs")
@example("https://medium.com/p/90e6cc364b0/p/..")
def test_canonical_of_canonical_is_canonical(text: str) -> None:
    try:
        once = canonical(text)
    except AddressError:
        return
    assert canonical(once) == once


@given(ADDRESSES | st.text(max_size=40))
def test_a_canonical_address_is_plain_https_without_blanks(text: str) -> None:
    try:
        once = canonical(text)
    except AddressError:
        return
    assert once.startswith("https://")
    assert once.isascii()
    assert not any(character.isspace() for character in once)


@given(st.text(max_size=60))
def test_any_text_gives_an_address_or_a_reason(text: str) -> None:
    try:
        canonical(text)
    except AddressError as error:
        reason = error.reason
    else:
        return
    assert reason
