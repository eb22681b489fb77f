import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EmptyStage } from "../common/EmptyStage";
import { lookOf } from "../common/kinds";
import { parseRef } from "../common/refs";

/** A ref that nothing declares: others may point at it, so it says how to declare it. */
export function NoSuchEntity({ entityRef }: { entityRef: string }) {
  const { kind, namespace, name } = parseRef(entityRef);
  const { label } = lookOf(kind);
  const lines = [
    "apiVersion: backstage.io/v1alpha1", `kind: ${label.replace(/\s/g, "")}`, "metadata:", `  name: ${name}`,
    ...(namespace === "default" ? [] : [`  namespace: ${namespace}`]),
    "spec:", "  type: service", "  lifecycle: production", "  owner: group:default/your-team", "",
  ];
  return (
    <EmptyStage
      whole
      title="Not in the catalog"
      text={<>No source declares <code>{entityRef}</code>. It appears here once a file like this is committed.</>}
      code={lines.join("\n")}
    >
      <Button component={Link} to="/sources">See what is read</Button>
    </EmptyStage>
  );
}
