/** The kinds there are, with how many of each. */
import { useQuery } from "@tanstack/react-query";
import { facets } from "../api/queries";
import { byKind, KindIcon, useLook } from "../common/kinds";

export function KindTabs({ current, onChange }: { current: string; onChange: (kind: string) => void }) {
  const { data } = useQuery(facets(["kind"]));
  const found = data?.facets.kind ?? [];
  const kinds = found.some(({ value }) => value.toLowerCase() === current) ? found : [{ value: current, count: 0 }, ...found];
  return (
    <div className="kind-tabs" role="group" aria-label="Kind">
      {[...kinds].sort((left, right) => byKind(left.value, right.value)).map(({ value, count }) => (
        <button
          key={value}
          type="button"
          className="kind-tab"
          aria-pressed={value.toLowerCase() === current}
          onClick={() => onChange(value.toLowerCase())}
        >
          <KindIcon kind={value} size={15} />
          <Plural kind={value} />
          <span className="count">{data ? count : ""}</span>
        </button>
      ))}
    </div>
  );
}

function Plural({ kind }: { kind: string }) {
  return useLook(kind).plural;
}
