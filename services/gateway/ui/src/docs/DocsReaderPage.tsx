/** The reader at an address of its own, as Backstage has it. */
import { useParams } from "@tanstack/react-router";
import { formatRef } from "../common/refs";
import { EntityLink, WithSummaries } from "../common/EntityLink";
import { DocsReader } from "./DocsReader";

export function DocsReaderPage() {
  const { _splat, ...parts } = useParams({ from: "/shell/docs/$namespace/$kind/$name/$" });
  const ref = formatRef(parts);
  return (
    <div className="page">
      <WithSummaries refs={[ref]}>
        <p className="docs-of">Documentation of <EntityLink to={ref} /></p>
      </WithSummaries>
      <DocsReader entityRef={ref} path={_splat ?? ""} place="docs" />
    </div>
  );
}
