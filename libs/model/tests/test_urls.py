"""Only addresses that lead somewhere become links, whatever they are disguised as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sipario_model import LocationError, LocationRef, safe_annotations, safe_url
from sipario_model.annotations import EDIT_URL, TECHDOCS_REF, VIEW_URL
from sipario_model.urls import REJECTED, is_script, is_url

SCRIPTS = [
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6a;avascript:alert(1)",
    "&#x0000000006a;avascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", SCRIPTS)
def test_a_script_is_never_a_link(text: str) -> None:
    assert is_script(text)
    assert not safe_url(text)


@pytest.mark.parametrize(
    "text",
    ["//evil.example", "/path", "", "x", "http://", "file:///etc/passwd", "ftp://x/y", "https://a\n.b"],
)
def test_what_is_no_web_or_mail_address_is_not_safe(text: str) -> None:
    assert not safe_url(text)


@pytest.mark.parametrize(
    "text", ["http://a", "https://a.example/b?c=d#e", "HTTPS://A", "mailto:mia@x.example"]
)
def test_web_and_mail_addresses_are_safe(text: str) -> None:
    assert safe_url(text)
    assert not is_script(text)


@given(st.text(max_size=40))
def test_nothing_is_both_safe_and_a_script(text: str) -> None:
    assert not (safe_url(text) and is_script(text))
    assert not safe_url(text) or is_url(text)


def test_annotations_that_become_links_are_made_harmless() -> None:
    annotations = {VIEW_URL: "javascript:x", EDIT_URL: "https://a", TECHDOCS_REF: "javascript:x"}
    assert safe_annotations(annotations) == {**annotations, VIEW_URL: REJECTED}


def test_a_location_is_a_type_and_a_target() -> None:
    location = LocationRef.parse("url: https://host/a:b ")
    assert (location.type, location.target) == ("url", "https://host/a:b")
    assert str(location) == "url:https://host/a:b"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing", "expected '<type>:<target>', e.g. 'url:https://host/path'"),
        ("url:", "expected '<type>:<target>'"),
        (" :x", "expected '<type>:<target>'"),
        ("https://host", "please prefix it with 'url:', e.g. 'url:https://host'"),
        ("url:javascript:x", "target is a javascript: URL"),
        ("url:java\tscript:x", "target is a javascript: URL"),
    ],
)
def test_a_text_that_is_no_location_is_refused(text: str, words: str) -> None:
    with pytest.raises(LocationError) as refused:
        LocationRef.parse(text)
    assert words in str(refused.value)
    assert text in str(refused.value)
