/** The API's definition as its owners wrote it. */
import { Card } from "../common/Card";
import { CopyableCode } from "../common/CopyableCode";
import { EmptyStage } from "../common/EmptyStage";
import { EntityLinks, WithSummaries } from "../common/EntityLink";
import { specText, targets } from "../common/refs";
import { languageOf } from "./definition-language";
import { useEntity } from "./EntityPage";

const EXAMPLE = `spec:
  type: openapi
  definition:
    $text: ./openapi.yaml
`;

export function DefinitionTab() {
  const entity = useEntity();
  if (!entity) return null;
  const definition = specText(entity, "definition");
  const providers = targets(entity, "apiProvidedBy");
  const consumers = targets(entity, "apiConsumedBy");
  if (!definition) {
    return <EmptyStage title="No definition" text="This API says nothing about its shape yet." code={EXAMPLE} />;
  }
  return (
    <WithSummaries refs={[...providers, ...consumers]}>
      <div className="stack">
        <dl className="entity-facts">
          <div className="fact"><dt>Provided by</dt><dd><EntityLinks refs={providers} /></dd></div>
          <div className="fact"><dt>Consumed by</dt><dd><EntityLinks refs={consumers} /></dd></div>
        </dl>
        <Card title={`Definition (${specText(entity, "type") ?? "text"})`} flush>
          <CopyableCode code={definition} language={languageOf(specText(entity, "type"), definition)} tall label="API definition" />
        </Card>
      </div>
    </WithSummaries>
  );
}
