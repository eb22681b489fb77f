/** The entity exactly as the API tells it, as YAML or JSON. */
import { SegmentedControl } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Entity } from "../api/types";
import { Card } from "../common/Card";
import { CopyableCode } from "../common/CopyableCode";
import { useEntity } from "./EntityPage";

type Form = "yaml" | "json";

export function InspectTab() {
  const entity = useEntity();
  const [form, setForm] = useState<Form>("yaml");
  const text = useText(entity, form);
  if (!entity) return null;
  const choice = (
    <SegmentedControl size="xs" aria-label="Format" value={form} onChange={(value) => setForm(value as Form)}
      data={[{ value: "yaml", label: "YAML" }, { value: "json", label: "JSON" }]} />
  );
  return (
    <Card title="As the API tells it" aside={choice} flush>
      <CopyableCode code={text} language={form} tall label="Entity" />
    </Card>
  );
}

function useText(entity: Entity | undefined, form: Form): string {
  const [yaml, setYaml] = useState("");
  useEffect(() => {
    let current = true;
    if (entity && form === "yaml") {
      void import("yaml").then(({ stringify }) => current && setYaml(stringify(entity, { lineWidth: 110 })));
    }
    return () => {
      current = false;
    };
  }, [entity, form]);
  return form === "json" ? JSON.stringify(entity, null, 2) : yaml;
}
