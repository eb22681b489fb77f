/** The tree of a documentation site. */
import type { DocsMetadata, DocsNavItem } from "../api/types";
import { tidyPath } from "./addresses";

export interface NavNode {
  title: string;
  path: string | undefined;
  href?: string | undefined;
  children: NavNode[];
}

function nodeOf({ title, path, href, children }: DocsNavItem): NavNode {
  if (href && /^(https?:\/\/|\/(?!\/))/i.test(href)) return { title, path: undefined, href, children: [] };
  const inside = (children ?? []).map(nodeOf);
  // A folder has no page of its own, and an empty path that the server may give it is not the first page's.
  const known = typeof path === "string" && (path !== "" || inside.length === 0);
  return { title, path: known ? tidyPath(path) : undefined, children: inside };
}

const worded = (part: string) => {
  const words = part.replace(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Without a nav of its own, a site's tree is the tree of its pages. */
function treeOfFiles(files: readonly string[]): NavNode[] {
  const top: NavNode[] = [];
  for (const file of [...files].filter((name) => /\.(md|html?)$/i.test(name) && !/404\.html$/.test(name)).sort()) {
    const parts = tidyPath(file).split("/").filter(Boolean);
    let level = top;
    parts.slice(0, -1).forEach((part) => {
      let folder = level.find(({ title }) => title === worded(part));
      if (!folder) level.push((folder = { title: worded(part), path: undefined, children: [] }));
      level = folder.children;
    });
    level.push({ title: parts.length ? worded(parts.at(-1)!) : "Home", path: parts.join("/"), children: [] });
  }
  return top.sort((left, right) => Number(right.path === "") - Number(left.path === ""));
}

export function navTree(metadata: DocsMetadata): NavNode[] {
  return metadata.nav?.length ? metadata.nav.map(nodeOf) : treeOfFiles(metadata.files ?? []);
}

/** Pages in reading order, for "previous" and "next". */
export function pagesInOrder(tree: readonly NavNode[]): { title: string; path: string }[] {
  return tree.flatMap(({ title, path, children }) => [
    ...(path === undefined ? [] : [{ title, path }]),
    ...pagesInOrder(children),
  ]);
}

export function containsPath(node: NavNode, path: string): boolean {
  return node.path === path || node.children.some((child) => containsPath(child, path));
}
