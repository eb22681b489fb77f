/** The last few places opened from search, kept in this browser only. */

interface Visit {
  href: string;
  label: string;
}

const KEY = "sipario-recent";
const KEPT = 5;

export function recentVisits(): Visit[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isVisit) : [];
  } catch {
    return [];
  }
}

/** Only paths of this site: what is stored in a browser can be altered there. */
const isVisit = (value: unknown): value is Visit => {
  const visit = value as Partial<Visit> | null;
  return typeof visit?.href === "string" && /^\/(?!\/)/.test(visit.href) && typeof visit.label === "string";
};

export function rememberVisit(visit: Visit): void {
  const others = recentVisits().filter(({ href }) => href !== visit.href);
  try {
    localStorage.setItem(KEY, JSON.stringify([visit, ...others].slice(0, KEPT)));
  } catch {
    // Storage can be full or forbidden; the palette works without its memory.
  }
}

/** Forgets everything: the next person at this browser should not see it. */
export function forgetVisits(): void {
  localStorage.removeItem(KEY);
}
