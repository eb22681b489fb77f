/** One rendered page, with its links, images, tabs and diagrams brought to life. */

import "./code-colours.css";
import { Link, useRouter } from "@tanstack/react-router";
import { ArrowLeft, ArrowRight, Pencil } from "lucide-react";
import { memo, useEffect, useMemo, useRef, type MouseEvent } from "react";
import type { DocsPage } from "../api/types";
import { webUrl } from "../entity/annotations";
import { useJustChanged } from "../live/LiveProvider";
import { meaningOf } from "./addresses";
import { useReading } from "./DocsContext";
import { drawDiagrams } from "./diagrams";
import { pagesInOrder, type NavNode } from "./nav";
import { readable } from "./readable";
import { livenTabs } from "./tabs";

export function PageArticle({ page, tree }: { page: DocsPage; tree: NavNode[] }) {
  const { ref, current } = useReading();
  const fresh = useJustChanged(ref);
  const edit = webUrl(page.editUrl ?? undefined);
  const content = useRef<HTMLDivElement>(null);
  const onClick = useLinks(page.path);
  const html = useMemo(() => readable(page.html, ref, page.path), [page.html, page.path, ref]);
  useEffect(() => {
    if (!content.current) return undefined;
    livenTabs(content.current);
    return drawDiagrams(content.current);
  }, [html]);
  useHash(page);
  return (
    <article className="docs-article" data-fresh={fresh || undefined}>
      {edit && (
        <a className="docs-edit" href={edit} target="_blank" rel="noopener noreferrer">
          <Pencil size={13} aria-hidden /> Edit this page
        </a>
      )}
      <div className="prose" ref={content} onClick={onClick}>
        <Html key={html} html={html} />
      </div>
      <Neighbours tree={tree} current={current} />
    </article>
  );
}

/** The server has sanitised this; it is drawn anew only when it changes, since effects alter it. */
const Html = memo(({ html }: { html: string }) => <div dangerouslySetInnerHTML={{ __html: html }} />);

function useLinks(path: string) {
  const { ref, hrefOf } = useReading();
  const router = useRouter();
  return (event: MouseEvent) => {
    const link = (event.target as Element).closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const meaning = meaningOf(link.getAttribute("href") ?? "", ref, path);
    if (meaning.kind === "outside") return;
    event.preventDefault();
    if (meaning.kind === "anchor") return showHeading(meaning.hash, true);
    const href = meaning.kind === "app" ? meaning.href : hrefOf(meaning.path) + (meaning.hash ? `#${meaning.hash}` : "");
    router.history.push(href);
  };
}

function showHeading(hash: string, remember: boolean): void {
  const id = decodeURIComponent(hash);
  if (remember) window.history.replaceState(window.history.state, "", `#${hash}`);
  document.getElementById(id)?.scrollIntoView();
}

/** A heading named in the address is scrolled to once the page is there. */
function useHash(page: DocsPage): void {
  useEffect(() => {
    if (window.location.hash) showHeading(window.location.hash.slice(1), false);
  }, [page.path]);
}

function Neighbours({ tree, current }: { tree: NavNode[]; current: string }) {
  const { hrefOf } = useReading();
  const pages = pagesInOrder(tree);
  const at = pages.findIndex(({ path }) => path === current);
  const previous = at > 0 ? pages[at - 1] : undefined;
  const next = at >= 0 ? pages[at + 1] : undefined;
  return (
    <nav className="docs-neighbours" aria-label="Previous and next page">
      {previous ? <Link to={hrefOf(previous.path) as "/docs"}><ArrowLeft size={14} aria-hidden /> {previous.title}</Link> : <span />}
      {next && <Link to={hrefOf(next.path) as "/docs"}>{next.title} <ArrowRight size={14} aria-hidden /></Link>}
    </nav>
  );
}
