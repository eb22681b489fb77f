/** The server's harmless HTML as the reader shows it: addresses made whole, and nothing that a browser can only show broken. */
import { assetAddress, meaningOf } from "./addresses";

/** `html` of the page with the source path `path`; nothing of it is fetched while it is being prepared. */
export function readable(html: string, ref: string, path: string): string {
  const content = new DOMParser().parseFromString(html, "text/html").body;
  for (const image of content.querySelectorAll("img")) prepareImage(image, ref, path);
  for (const link of content.querySelectorAll("a")) prepareLink(link, ref, path);
  for (const box of content.querySelectorAll("pre, .highlight")) box.setAttribute("tabindex", "0");
  for (const box of content.querySelectorAll("input[type=checkbox]")) {
    box.setAttribute("aria-label", box.closest("li")?.textContent?.trim() || "Task");
  }
  return content.innerHTML;
}

/** Images of other hosts are not loaded, which would tell these hosts who reads what: a link leads there instead. */
function prepareImage(image: HTMLImageElement, ref: string, path: string): void {
  const source = assetAddress(image.getAttribute("src") ?? "", ref, path);
  if (!isElsewhere(source)) return image.setAttribute("src", source);
  const words = image.getAttribute("alt")?.trim() || source;
  if (image.closest("a")) return image.replaceWith(words);
  const link = image.ownerDocument.createElement("a");
  link.className = "image-elsewhere";
  link.href = source;
  link.title = `An image of another host: ${source}`;
  link.textContent = words;
  image.replaceWith(link);
}

function prepareLink(link: HTMLAnchorElement, ref: string, path: string): void {
  const href = link.getAttribute("href");
  if (href === null) return sayBroken(link);
  if (/^(https?:)?\/\//i.test(href)) {
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
  } else if (meaningOf(href, ref, path).kind === "outside") link.setAttribute("href", assetAddress(href, ref, path));
}

/** A link whose target is not there comes without one; an anchor that others point to has none either, and no words. */
function sayBroken(link: HTMLAnchorElement): void {
  if (!link.textContent?.trim() || link.id) return;
  link.setAttribute("role", "link");
  link.setAttribute("aria-disabled", "true");
  link.title ||= "What this leads to is not there";
}

function isElsewhere(source: string): boolean {
  return /^(https?:)?\/\//i.test(source) && new URL(source, window.location.href).origin !== window.location.origin;
}
