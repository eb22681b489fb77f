/** An empty list: either the filters are too narrow, or a first file would help. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EmptyStage } from "../common/EmptyStage";
import { useLook } from "../common/kinds";
import { isNarrowed, readFilters, type Filters } from "./filters";

const EXAMPLE = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: box-office
  description: Sells the seats
spec:
  type: service
  lifecycle: production
  owner: group:default/front-of-house
`;

export function NothingFound({ filters, change }: { filters: Filters; change: (wanted: Partial<Filters>) => void }) {
  const { plural } = useLook(filters.kind);
  if (isNarrowed(filters)) {
    return (
      <EmptyStage title={`No ${plural.toLowerCase()} match`} text="Nothing fits all of these filters together.">
        <Button onClick={() => change({ ...readFilters({}), kind: filters.kind, whose: "all" })}>Clear the filters</Button>
      </EmptyStage>
    );
  }
  return (
    <EmptyStage
      title={`No ${plural.toLowerCase()} yet`}
      text={<>Commit a <code>catalog-info.yaml</code> like this to a repository that Sipario reads, and it appears here.</>}
      code={EXAMPLE}
    >
      <Button component={Link} to="/sources">See what is read</Button>
    </EmptyStage>
  );
}
