/** A person or team as a disc with initials: pictures from other hosts would tell them who looks. */

function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? (words.at(-1)?.[0] ?? "") : "")).toUpperCase();
}

export function Initials({ name, large = false }: { name: string; large?: boolean }) {
  return (
    <span className="initials" data-large={large || undefined} aria-hidden>
      {initials(name)}
    </span>
  );
}
