/** Which lines a text lost and gained. */

export interface DiffLine {
  change: "same" | "lost" | "gained";
  text: string;
}

/** Beyond as many comparisons, what is in between is told as lost and gained whole. */
const MOST_COMPARISONS = 1_000_000;

/** The lines of both texts, in order, by their longest common subsequence. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = before ? before.split("\n") : [];
  const now = after ? after.split("\n") : [];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const same = (text: string): DiffLine => ({ change: "same", text });
  return [
    ...old.slice(0, start).map(same),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map(same),
  ];
}

function middle(old: string[], now: string[]): DiffLine[] {
  const lost = (text: string): DiffLine => ({ change: "lost", text });
  const gained = (text: string): DiffLine => ({ change: "gained", text });
  if (old.length * now.length > MOST_COMPARISONS) return [...old.map(lost), ...now.map(gained)];
  const common = lengths(old, now);
  const found: DiffLine[] = [];
  let [at, to] = [0, 0];
  while (at < old.length && to < now.length) {
    if (old[at] === now[to]) {
      found.push({ change: "same", text: old[at]! });
      at += 1;
      to += 1;
    } else if (common[at + 1]![to]! >= common[at]![to + 1]!) found.push(lost(old[at++]!));
    else found.push(gained(now[to++]!));
  }
  return [...found, ...old.slice(at).map(lost), ...now.slice(to).map(gained)];
}

/** For each pair of beginnings, how many lines the rest has in common. */
function lengths(old: string[], now: string[]): Uint32Array[] {
  const table = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let at = old.length - 1; at >= 0; at -= 1) {
    for (let to = now.length - 1; to >= 0; to -= 1) {
      table[at]![to] = old[at] === now[to] ? table[at + 1]![to + 1]! + 1 : Math.max(table[at + 1]![to]!, table[at]![to + 1]!);
    }
  }
  return table;
}

/** Leaves out what stayed the same but for `around` lines beside a change; null stands for lines left out. */
export function nearChanges(lines: readonly DiffLine[], around = 2): (DiffLine | null)[] {
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - around), at + around + 1).some(({ change }) => change !== "same"));
  return lines.flatMap((line, at) => (near[at] ? [line] : near[at - 1] || at === 0 ? [null] : []));
}
