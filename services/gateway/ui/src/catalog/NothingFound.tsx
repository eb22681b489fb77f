/** An empty list: the filters are too narrow, or the sources are still being read, or a first file would help. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sources } from "../api/queries";
import { EmptyStage } from "../common/EmptyStage";
import { useLook } from "../common/kinds";
import { stillToRead } from "../sources/source-facts";
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
  const unread = stillToRead(useQuery(sources).data);
  if (isNarrowed(filters)) {
    return (
      <EmptyStage title={`No ${plural.toLowerCase()} match`} text="Nothing fits all of these filters together.">
        <Button onClick={() => change({ ...readFilters({}), kind: filters.kind, whose: "all" })}>Clear the filters</Button>
      </EmptyStage>
    );
  }
  if (unread > 0) {
    return (
      <EmptyStage
        title={unread === 1 ? "One source is still to be read" : `${unread} sources are still to be read`}
        text="What they declare appears here by itself."
      >
        <Button component={Link} to="/sources">See what is read</Button>
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
