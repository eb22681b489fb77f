/** Addresses within documentation: what a link or image in a page means to the reader. */
import { docsPath } from "../api/queries";
import { parseRef } from "../common/refs";

export type LinkMeaning =
  | { kind: "page"; path: string; hash: string }
  | { kind: "app"; href: string }
  | { kind: "anchor"; hash: string }
  | { kind: "outside" };

const STATIC = "/api/techdocs/static/docs/";

/** A page path without what a server would add: no `index`, no ending, no slashes at its ends. */
export function tidyPath(path: string): string {
  return path
    .replace(/^\/+|\/+$/g, "")
    .replace(/\.(md|html?)$/i, "")
    .replace(/(^|\/)(index|README)$/i, "")
    .replace(/\/+$/, "");
}

/** Whether the last part names a file that is not a page, like a drawing or an archive. */
const isAsset = (path: string) => /\.[a-z0-9]{2,5}$/i.test(path) && !/\.(md|html?)$/i.test(path);

/** Where the base of relative addresses is: the page's own folder within the site. */
function folderOf(path: string): string {
  const tidy = path.replace(/^\/+/, "");
  return tidy.includes("/") ? tidy.slice(0, tidy.lastIndexOf("/") + 1) : "";
}

/**
 * Reads a link of a page; `path` is the page's source path, like `guide/setup.md` or `guide/setup`.
 *
 * Only links that stay within the site of `ref` or within the app are handled by it; the rest are left to the
 * browser.
 */
export function meaningOf(href: string, ref: string, path: string): LinkMeaning {
  if (href.startsWith("#")) return { kind: "anchor", hash: href.slice(1) };
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(href)) return { kind: "outside" };
  const own = `/docs/${docsPath(ref)}/`;
  const url = new URL(href, `http://docs.invalid${own}${folderOf(path)}`);
  const staticOwn = `${STATIC}${docsPath(ref)}/`;
  const pathname = url.pathname.startsWith(staticOwn) ? own + url.pathname.slice(staticOwn.length) : url.pathname;
  if (`${pathname}/`.startsWith(own)) {
    const inside = decodeURIComponent(pathname.slice(own.length));
    return isAsset(inside) ? { kind: "outside" } : { kind: "page", path: tidyPath(inside), hash: url.hash.slice(1) };
  }
  const inApp = /^\/(catalog|docs|search|sources)(\/|$)/.test(url.pathname);
  return inApp ? { kind: "app", href: url.pathname + url.search + url.hash } : { kind: "outside" };
}

/** The address of an image or file beside the page; absolute ones stay as they are. */
export function assetAddress(source: string, ref: string, path: string): string {
  if (/^([a-z][a-z0-9+.-]*:|\/)/i.test(source)) return source;
  const base = `${STATIC}${docsPath(ref)}/`;
  const url = new URL(source, `http://docs.invalid${base}${folderOf(path)}`);
  return url.pathname.startsWith(base) ? url.pathname : source;
}

export function docsParams(ref: string, path = "") {
  return { ...parseRef(ref), _splat: path };
}
