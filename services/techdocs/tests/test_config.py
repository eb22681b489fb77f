# ruff: noqa: E501, ISC004 - files are written as they are
"""Hostile and merely strange `mkdocs.yml` files: nothing of them runs, and each says what to mend."""

import time

import pytest
from sipario_model import EntityRef
from sipario_techdocs.mkdocs import SiteError, config_of
from sipario_techdocs.site import plan, site

REF = EntityRef("component", "default", "tickets")
PAGE = {"docs/index.md": b"# Home\n"}


def told(config: str, **files: bytes) -> list[str]:
    built = site({**PAGE, **files, "mkdocs.yml": config.encode()}, ref=REF)
    assert "index.md" in built.pages
    return [problem.message for problem in built.problems]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("hooks: [hook.py]", "hooks are code"),
        ("INHERIT: ../base.yml", "INHERIT is not followed"),
        ("theme: {name: material, custom_dir: overrides}", "templates of a repository"),
        ("extra_javascript: [x.js]", "scripts of a repository"),
        ("extra_css: [x.css]", "style sheets"),
        ("plugins: [exec]", "plugin exec is not available"),
        ("plugins: {macros: {module_name: x}}", "plugin macros"),
        ("markdown_extensions: [os]", "extension os is not available"),
        ("markdown_extensions: ['evil.module:Extension']", "evil.module:Extension"),
        ("markdown_extensions: [pymdownx.b64]", "pymdownx.b64"),
        ("markdown_extensions: [pymdownx.pathconverter]", "pymdownx.pathconverter"),
        ("markdown_extensions: [{toc: {slugify: '!!python/name:os.system'}}]", "slugify of toc"),
        ("markdown_extensions: [{toc: {permalink: [1]}}]", "permalink of toc"),
        ("unknown_key: 1", "unknown_key is not a setting"),
        ("nav: nonsense", "nav must be a list"),
        ("nav: [missing.md]", "no file 'missing.md'"),
        ("nav: [../../etc/passwd]", "no file"),
        ("nav: [x: 'javascript://alert(1)']", "not followed"),
        ("nav: [x: '!include ../../mkdocs.yml']", "not included"),
        ("nav: [x: '!include /etc/passwd']", "not included"),
    ],
)
def test_what_is_not_honoured_is_told(config: str, message: str) -> None:
    assert any(message in each for each in told(config)), told(config)


@pytest.mark.parametrize(
    "config",
    [
        "site_name: !!python/object/apply:os.system ['touch /tmp/owned']",
        "site_name: !!python/object/new:os.system [x]",
        "extra: !!python/name:os.system",
        "extra: !!python/module:os",
        "x: !!python/object:__main__.X {a: 1}",
        "site_name: !ENV [HOME, x]",
        "site_name: !!binary AAAA",
        "markdown_extensions:\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n",
        "markdown_extensions:\n  - pymdownx.superfences:\n      custom_fences:\n        - name: mermaid\n"
        "          class: mermaid\n          format: !!python/name:pymdownx.superfences.fence_code_format\n",
    ],
)
def test_tags_are_text_and_never_objects(config: str) -> None:
    told(config)


@pytest.mark.parametrize(
    "docs_dir",
    ["../secret", "/etc", "a/../../b", "..", "~/x", "C:\\x", "..\\x", "./../x", "\\\\host\\x", "[a]"],
)
def test_docs_stay_in_their_folder(docs_dir: str) -> None:
    with pytest.raises(SiteError, match="docs_dir"):
        config_of(f"docs_dir: {docs_dir}".encode(), "mkdocs.yml")


@pytest.mark.parametrize(
    "config",
    [
        b"nav: [",
        b"- a list",
        b"\xff\xfe",
        b"a: &a [x]\n"
        + b"".join(b"b%d: &b%d [*a,*a,*a,*a,*a,*a,*a,*a]\n" % (n, n) for n in range(2))
        + b"c: {a: 1, a: 2}",
        b"a: " + b"[" * 200 + b"]" * 200,
        b"a: " + b"x" * 1_000_001,
        b"a:\n\tb: c",
        b"a: \x00",
    ],
)
def test_what_cannot_be_read_fails_with_a_word(config: bytes) -> None:
    with pytest.raises(SiteError, match=r"mkdocs\.yml"):
        config_of(config, "mkdocs.yml")


def test_an_alias_bomb_is_refused() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{','.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12))
    with pytest.raises(SiteError, match="aliases"):
        config_of(f"l0: &l0 [x]\n{levels}".encode(), "mkdocs.yml")


@pytest.mark.parametrize(
    "extensions",
    [
        "[{toc: {toc_depth: x, permalink: true}}]",
        "[{mdx_truly_sane_lists: {nested_indent: 0}}]",
        "[{footnotes: {BACKLINK_TEXT: 1}}]",
        "[{pymdownx.critic: {mode: nonsense}}]",
        "[{pymdownx.highlight: {linenums_style: nonsense, guess_lang: x}}]",
        "[{pymdownx.magiclink: {provider: nonsense, repo_url_shorthand: true}}]",
        "{toc: null, admonition: {}}",
        "[null, 1, [x], {}]",
        "[{pymdownx.extra: {pymdownx.superfences: {css_class: x}}}]",
        "[pymdownx.blocks.admonition, pymdownx.blocks.tab, pymdownx.blocks.details, pymdownx.arithmatex, smarty, nl2br]",
        "[pymdownx.keys, pymdownx.progressbar, pymdownx.escapeall, pymdownx.saneheaders, legacy_em]",
        "[pymdownx.blocks.html, pymdownx.blocks.caption, pymdownx.blocks.definition, sane_lists]",
    ],
)
def test_options_of_any_kind_render_something(extensions: str) -> None:
    assert isinstance(told(f"markdown_extensions: {extensions}"), list)


def test_snippets_come_from_the_docs_and_from_nowhere_else() -> None:
    text = '--8<-- "%s"\n'
    places = [
        "/etc/passwd",
        "../../../etc/passwd",
        "https://evil.example/x",
        ".git/config",
        "docs/../../x",
        "missing.md",
    ]
    page = "\n".join(text % place for place in places).encode()
    files = {
        "docs/index.md": page,
        ".git/config": b"token",
        "mkdocs.yml": b"markdown_extensions:\n  - pymdownx.snippets:\n      base_path: /\n      restrict_base_path: false\n      url_download: true\n",
    }
    built = site(files, ref=REF)
    assert len([each for each in built.problems if "snippet" in each.message]) == len(places)
    assert "token" not in built.pages["index.md"].html
    assert "root:" not in built.pages["index.md"].html


def test_a_snippet_that_includes_itself_ends() -> None:
    files = {
        "docs/index.md": b'--8<-- "index.md"\n--8<-- "a.md"\n',
        "docs/a.md": b'# A\n--8<-- "b.md"\n',
        "docs/b.md": b'--8<-- "a.md"\n',
    }
    built = site(files, ref=REF)
    assert any("includes itself" in each.message for each in built.problems)


def test_snippets_do_not_grow_without_end() -> None:
    files = {f"docs/{n}.md": (f'--8<-- "{n + 1}.md"\n' * 10).encode() for n in range(10)}
    files |= {"docs/10.md": b"x" * 10_000, "docs/index.md": b'--8<-- "0.md"\n'}
    first = plan(files, ref=REF).pages["index.md"]
    assert any("more than" in each.message for each in first.problems)
    assert len(first.text) < 2_000_000


def test_a_site_may_include_another_once_and_only_from_its_folder() -> None:
    files = {
        "mkdocs.yml": b"nav:\n  - index.md\n  - API: '!include ./api/mkdocs.yml'\n  - Again: '!include ./api/mkdocs.yml'\n",
        "docs/index.md": b"# Home\n\n[api](the-api/index.md)\n",
        "api/mkdocs.yml": b"site_name: The API\nnav:\n  - Start: index.md\n  - Up: '!include ../mkdocs.yml'\n",
        "api/docs/index.md": b"# API\n",
    }
    built = site(files, ref=REF)
    assert set(built.pages) == {"index.md", "the-api/index.md"}
    assert built.nav[1].children[0].path == "the-api/index.md"
    assert 'href="/docs/default/component/tickets/the-api/"' in built.pages["index.md"].html
    assert sum("not included" in each.message for each in built.problems) >= 1


def test_a_page_too_large_is_cut_and_told() -> None:
    built = site({"docs/index.md": b"word " * 300_000}, ref=REF)
    assert any("only the first" in each.message for each in built.problems)


def test_a_nav_of_many_stars_takes_no_long_time() -> None:
    start = time.process_time()
    told(f"nav: [{{All: '{'*a' * 20}b.md'}}]", **{f"{'a' * 200}.md": b"# A"})
    assert time.process_time() - start < 5
