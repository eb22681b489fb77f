/** What narrows the list; each choice goes to the address, so that it can be shared. */
import { Button, MultiSelect, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Search, X } from "lucide-react";
import { useEffect, useState } from "react";
import { facets } from "../api/queries";
import type { FacetValue } from "../api/types";
import { useLook } from "../common/kinds";
import { shortName } from "../common/refs";
import { isNarrowed, ORPHAN, readFilters, type Filters, type Whose } from "./filters";

interface Props {
  filters: Filters;
  whose: Whose;
  ownable: boolean;
  change: (wanted: Partial<Filters>) => void;
}

const FACETS = ["spec.type", "relations.ownedBy", "spec.lifecycle", "metadata.tags", ORPHAN];

export function FilterBar({ filters, whose, ownable, change }: Props) {
  const { data } = useQuery(facets(FACETS, `kind=${filters.kind}`));
  const values = (name: string) => data?.facets[name] ?? [];
  const clear = () => change({ ...readFilters({}), kind: filters.kind, whose: "all" });
  return (
    <div className="filter-bar" role="search" aria-label="Filters">
      <TextFilter text={filters.text} kind={filters.kind} onChange={(text) => change({ text })} />
      {ownable && (
        <SegmentedControl
          size="xs"
          aria-label="Whose"
          value={whose}
          onChange={(value) => change({ whose: value as Whose })}
          data={[{ value: "owned", label: "Owned" }, { value: "all", label: "All" }]}
        />
      )}
      <Select
        size="xs" w={150} placeholder="Type" aria-label="Type" clearable
        data={options(values("spec.type"), filters.type ? [filters.type] : [])}
        value={filters.type ?? null}
        onChange={(type) => change({ type: type ?? undefined })}
      />
      <Choices label="Owner" found={values("relations.ownedBy")} chosen={filters.owners} name={shortName}
        onChange={(owners) => change({ owners, ...(owners.length ? { whose: "all" } : {}) })} />
      <Choices label="Lifecycle" found={values("spec.lifecycle")} chosen={filters.lifecycles}
        onChange={(lifecycles) => change({ lifecycles })} />
      <Choices label="Tag" found={values("metadata.tags")} chosen={filters.tags} onChange={(tags) => change({ tags })} />
      <Orphans found={values(ORPHAN)} chosen={filters.orphans} onChange={(orphans) => change({ orphans })} />
      {isNarrowed(filters) && (
        <Button size="xs" variant="subtle" color="gray" leftSection={<X size={13} />} onClick={clear}>
          Clear
        </Button>
      )}
    </div>
  );
}

function options(found: FacetValue[], chosen: string[], name: (value: string) => string = String) {
  const known = new Set(found.map(({ value }) => value));
  const all = [...found, ...chosen.filter((value) => !known.has(value)).map((value) => ({ value, count: 0 }))];
  return all.map(({ value, count }) => ({ value, label: `${name(value)} (${count})` }));
}

interface ChoicesProps {
  label: string;
  found: FacetValue[];
  chosen: string[];
  name?: (value: string) => string;
  onChange: (values: string[]) => void;
}

function Choices({ label, found, chosen, name, onChange }: ChoicesProps) {
  if (found.length === 0 && chosen.length === 0) return null;
  return (
    <MultiSelect
      size="xs" className="choices" aria-label={label} placeholder={chosen.length ? "" : label}
      searchable clearable comboboxProps={{ width: 240, position: "bottom-start" }}
      data={options(found, chosen, name)} value={chosen} onChange={onChange}
    />
  );
}

function Orphans({ found, chosen, onChange }: { found: FacetValue[]; chosen: boolean; onChange: (chosen: boolean) => void }) {
  const count = found.find(({ value }) => value === "true")?.count ?? 0;
  if (count === 0 && !chosen) return null;
  return (
    <Button
      size="xs" variant={chosen ? "light" : "default"} aria-pressed={chosen} title="What nothing declares any more"
      onClick={() => onChange(!chosen)}
    >
      {`Orphans (${count})`}
    </Button>
  );
}

function TextFilter({ text, kind, onChange }: { text: string; kind: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const send = useDebouncedCallback(onChange, 180);
  useEffect(() => setTyped(text), [text]);
  const label = `Filter ${useLook(kind).plural.toLowerCase()}`;
  return (
    <TextInput
      size="xs" className="text-filter" leftSection={<Search size={14} />} placeholder={label} aria-label={label}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}
