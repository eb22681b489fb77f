"""What every extension makes of a small sample, where links lead, and what sites look like."""

from pathlib import Path
from typing import Any

import pytest
from sipario_model import EntityRef
from sipario_techdocs.nav import Item
from sipario_techdocs.site import site

REF = EntityRef("Component", "Default", "Tickets")
GOLDENS = Path(__file__).parent / "goldens"
SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "docs"


def html(text: str, **files: bytes) -> str:
    return site({"docs/index.md": text.encode(), **files}, ref=REF).pages["index.md"].html


@pytest.mark.parametrize("golden", sorted(GOLDENS.glob("*.md")), ids=lambda path: path.stem)
def test_every_extension_as_it_was(golden: Path) -> None:
    expected = golden.with_suffix(".html")
    assert html(golden.read_text()) == expected.read_text()


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("guide/start.md", "/docs/default/component/tickets/guide/start/"),
        ("./guide/start.md#doors", "/docs/default/component/tickets/guide/start/#doors"),
        ("guide/", "/docs/default/component/tickets/guide/"),
        ("guide/start/", "/docs/default/component/tickets/guide/start/"),
        ("guide/start.html", "/docs/default/component/tickets/guide/start/"),
        ("/guide/start.md", "/docs/default/component/tickets/guide/start/"),
        ("a%20plan.png", "/api/techdocs/static/docs/default/component/tickets/a%20plan.png"),
        ("#top", "#top"),
        ("/docs/default/component/other/", "/docs/default/component/other/"),
        ("/catalog/default/component/other", "/catalog/default/component/other"),
        ("https://example.org/x?y#z", "https://example.org/x?y#z"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("//example.org/x", "https://example.org/x"),
    ],
)
def test_links_lead_where_they_should(link: str, leads_to: str) -> None:
    files = {"docs/guide/start.md": b"# S", "docs/guide/README.md": b"# G", "docs/a plan.png": b"x"}
    text = f'<a href="{link}">x</a>\n\n[x](<{link}>)\n'
    assert html(text, **files).count(f'href="{leads_to}"') == 2


@pytest.mark.parametrize(
    "link", ["missing.md", "../../outside.md", "../../../etc/passwd", "/api/auth/logout", "src/x.py"]
)
def test_a_link_that_leads_nowhere_is_told_and_not_a_link(link: str) -> None:
    built = site({"docs/index.md": f"[x]({link})".encode(), "src/x.py": b""}, ref=REF)
    assert "href" not in built.pages["index.md"].html
    assert [problem.message for problem in built.problems] == [f"the link {link} leads nowhere"]


def test_images_are_found_from_markdown_and_from_html() -> None:
    built = site(
        {
            "docs/guide/start.md": b'![a](img/a.png)\n\n<img src="../img/a.png">\n',
            "docs/guide/img/a.png": b"x",
        },
        ref=REF,
    )
    assert (
        built.pages["guide/start.md"].html.count("/static/docs/default/component/tickets/guide/img/a.png")
        == 2
    )


def test_without_nav_it_is_built_in_the_order_of_mkdocs() -> None:
    names = ["zeta.md", "index.md", "api-guide/b.md", "api-guide/README.md", "alpha.md", "Other/c.md"]
    built = site({f"docs/{name}": b"text" for name in names}, ref=REF)
    assert built.nav == (
        Item("Home", path="index.md"),
        Item("Alpha", path="alpha.md"),
        Item("Zeta", path="zeta.md"),
        Item("Other", children=(Item("C", path="Other/c.md"),)),
        Item(
            "Api guide",
            children=(Item("README", path="api-guide/README.md"), Item("B", path="api-guide/b.md")),
        ),
    )


def test_titles_come_from_nav_then_front_matter_then_heading_then_name() -> None:
    files = {
        "mkdocs.yml": b"nav:\n  - Given: a.md\n  - b.md\n  - c.md\n  - d-e.md\n",
        "docs/a.md": b"---\ntitle: Front\n---\n# Heading\n",
        "docs/b.md": b"---\ntitle: Front\n---\n# Heading\n",
        "docs/c.md": b"# Heading `code` &amp; more\n",
        "docs/d-e.md": b"text\n",
    }
    built = site(files, ref=REF)
    assert [item.title for item in built.nav] == ["Given", "Front", "Heading code & more", "D e"]
    assert "title:" not in built.pages["b.md"].html


def test_a_readme_is_the_first_page_of_docs_without_one() -> None:
    built = site({"README.md": b"# Tickets\n\n[more](docs/more.md)\n", "docs/more.md": b"# More\n"}, ref=REF)
    assert 'href="/docs/default/component/tickets/more/"' in built.pages["index.md"].html
    assert site({"README.md": b"# Only\n"}, ref=REF).titles == {"index.md": "Only"}


def test_two_index_pages_of_a_folder_are_one() -> None:
    built = site({"docs/index.md": b"# I\n", "docs/README.md": b"# R\n"}, ref=REF)
    assert set(built.pages) == {"index.md"}


def test_headings_keep_the_ids_that_mkdocs_gives_them() -> None:
    text = "# Überblick & mehr\n\n## Set up\n\n## Set up\n\n### `code` here {#own-id}\n"
    page = site({"docs/index.md": text.encode()}, ref=REF).pages["index.md"]
    assert [(heading.id, heading.level) for heading in page.toc] == [
        ("uberblick-mehr", 1),
        ("set-up", 2),
        ("set-up_1", 2),
        ("own-id", 3),
    ]


def test_sections_hold_plain_text() -> None:
    text = "Before.\n\n# One\n\nA *b* `c`.\n\n```mermaid\ngraph\n```\n\n## Two\n\n| a |\n|---|\n| b |\n\n- x\n- y\n"
    page = site({"docs/index.md": text.encode()}, ref=REF).pages["index.md"]
    assert [(each.anchor, each.title, each.text) for each in page.sections] == [
        ("", "", "Before."),
        ("one", "One", "A b c."),
        ("two", "Two", "a b x y"),
    ]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public samples are not on this machine")
def test_the_public_samples_render() -> None:
    for folder in (each for each in SAMPLES.iterdir() if each.is_dir()):
        files = {
            str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
        built = site(files, ref=REF)
        assert all(page.toc for page in built.pages.values())
        assert not [each for each in built.problems if "plain text" in each.message]


def names(items: Any) -> list[Any]:
    return [[item.title, names(item.children)] if item.children else item.path for item in items]


def test_nav_takes_patterns_and_leaves_out_folders_of_nothing() -> None:
    files = {f"docs/{path}.md": b"# x" for path in ("z", "a", "b/one", "b/c/two")}
    files["mkdocs.yml"] = (
        b"nav: [{All: '*.md'}, {Deep: ['b/**']}, 'b/*.md', {Empty: [nowhere.md]}, {None: 'q/*'}]"
    )
    made = site(files, ref=REF)
    assert names(made.nav) == [
        ["All", ["a.md", "z.md"]],
        ["Deep", ["b/one.md", "b/c/two.md"]],
        "b/one.md",
    ]
    assert [problem.message for problem in made.problems] == [
        "nav: there is no file 'nowhere.md' among the docs",
        "nav: there is no file 'q/*' among the docs",
    ]


def test_nav_that_leads_to_no_page_is_made_from_the_files() -> None:
    made = site({"mkdocs.yml": b"nav: [{A: [nowhere.md]}]", "docs/a.md": b"# A"}, ref=REF)
    assert names(made.nav) == ["a.md"]


def test_an_included_site_stands_where_its_name_says() -> None:
    files = {
        "mkdocs.yml": b"nav: [{Sub: '!include sub/mkdocs.yml'}]",
        "sub/mkdocs.yml": b"site_name: Teams/Box Office",
        "sub/docs/index.md": b"# Sub",
        "docs/index.md": b"# Home",
    }
    assert "teams/box-office/index.md" in site(files, ref=REF).pages
