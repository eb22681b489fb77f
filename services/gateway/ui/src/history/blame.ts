/** Which version brought each line of an entity's YAML. */
import { LineCounter, parseDocument, type Document, type ParsedNode } from "yaml";
import type { BlamedField } from "../api/types";
import { partsOf } from "./field";

/** For each line the field that it belongs to; undefined where it names no field, or one that no version told of. */
export function blamedLines(yaml: string, fields: readonly BlamedField[]): (BlamedField | undefined)[] {
  const counter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: counter });
  const lines: (BlamedField | undefined)[] = yaml.replace(/\n$/, "").split("\n").map(() => undefined);
  for (const field of fields) {
    const place = placeOf(document, partsOf(field.path));
    if (!place) continue;
    const last = counter.linePos(place.end).line;
    for (let line = counter.linePos(place.start).line; line <= last; line += 1) lines[line - 1] = field;
  }
  return lines;
}

/** From where the key begins to where its value ends. */
function placeOf(document: Document.Parsed, path: string[]): { start: number; end: number } | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const pairs = (parent as { items?: { key: ParsedNode; value: ParsedNode | null }[] } | undefined)?.items ?? [];
  const pair = pairs.find(({ key }) => String((key as { value?: unknown } | undefined)?.value) === path.at(-1));
  const start = pair?.key.range?.[0];
  if (pair === undefined || start === undefined) return undefined;
  return { start, end: Math.max(start, (pair.value?.range?.[1] ?? start + 1) - 1) };
}
