/** Reading search hits: where they lead, and which words matched. */
import type { SearchHit } from "../api/types";

export interface Piece {
  text: string;
  matched: boolean;
}

/** The path within this site that a hit leads to; anything else leads to the search page. */
export function pathOf(hit: SearchHit): string {
  const { location } = hit.document;
  return /^\/(?![/\\])/.test(location) ? location : "/search";
}

/** Splits a highlighted text at its tags, so that it is shown as text and never as HTML. */
export function pieces(hit: SearchHit, field: "title" | "text"): Piece[] {
  const marked = hit.highlight?.fields[field];
  const { preTag, postTag } = hit.highlight ?? { preTag: "", postTag: "" };
  if (!marked || !preTag || !postTag) return [{ text: hit.document[field] ?? "", matched: false }];
  return marked.split(preTag).flatMap((part, at) => {
    if (at === 0) return [{ text: part, matched: false }];
    const end = part.indexOf(postTag);
    if (end < 0) return [{ text: part, matched: false }];
    return [{ text: part.slice(0, end), matched: true }, { text: part.slice(end + postTag.length), matched: false }];
  }).filter(({ text }) => text !== "");
}
