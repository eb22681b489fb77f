/** The entity exactly as the API tells it, as YAML, which says which version brought each field, or as JSON. */
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { blame } from "../api/queries";
import type { BlamedField, Entity } from "../api/types";
import { Card } from "../common/Card";
import { CopyableCode } from "../common/CopyableCode";
import { ago } from "../common/Moment";
import { useAsOf } from "./as-of";
import { useEntity, useEntityRef } from "./EntityPage";

type Form = "yaml" | "json";

export function InspectTab() {
  const entity = useEntity();
  const [form, setForm] = useState<Form>("yaml");
  const asOf = useAsOf();
  const fields = useQuery({ ...blame(useEntityRef()), enabled: !asOf }).data?.fields;
  const { text, lines } = useText(entity, form, asOf ? undefined : fields);
  if (!entity) return null;
  const choice = (
    <SegmentedControl size="xs" aria-label="Format" value={form} onChange={(value) => setForm(value as Form)}
      data={[{ value: "yaml", label: "YAML" }, { value: "json", label: "JSON" }]} />
  );
  return (
    <Card title="As the API tells it" aside={choice} flush>
      <CopyableCode code={text} language={form} tall label="Entity" gutter={lines.map(noteOf)} />
    </Card>
  );
}

const NOTHING: Text = { text: "", lines: [] };

interface Text {
  text: string;
  lines: (BlamedField | undefined)[];
}

function useText(entity: Entity | undefined, form: Form, fields: BlamedField[] | undefined): Text {
  const [yaml, setYaml] = useState(NOTHING);
  useEffect(() => {
    let current = true;
    if (entity && form === "yaml") {
      void Promise.all([import("yaml"), import("../history/blame")]).then(([{ stringify }, { blamedLines }]) => {
        const text = stringify(entity, { lineWidth: 110 });
        if (current) setYaml({ text, lines: fields ? blamedLines(text, fields) : [] });
      });
    }
    return () => {
      current = false;
    };
  }, [entity, form, fields]);
  return form === "json" ? { text: JSON.stringify(entity, null, 2), lines: [] } : yaml;
}

/** What stands beside a line: the version, where it is another than that of the line above, and on hover who and when. */
function noteOf(field: BlamedField | undefined, at: number, all: (BlamedField | undefined)[]) {
  if (!field) return { text: "" };
  const { version, cause } = field;
  const who = cause.author || cause.actor;
  const title = [`Version ${version}`, who, ago(new Date(field.at), new Date()), cause.commit.slice(0, 8)].filter(Boolean).join(" · ");
  return { text: all[at - 1]?.version === version ? "" : `v${version}`, title };
}
