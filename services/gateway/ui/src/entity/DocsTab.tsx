import { useParams } from "@tanstack/react-router";
import { docsRefOf } from "./annotations";
import { DocsReader } from "../docs/DocsReader";
import { useEntity, useEntityRef } from "./EntityPage";

/** The documentation of an entity, without leaving its page. */
export function DocsTab() {
  const entity = useEntity();
  const own = useEntityRef();
  const { _splat } = useParams({ from: "/shell/catalog/$namespace/$kind/$name/docs/$" });
  if (!entity) return null;
  return <DocsReader entityRef={docsRefOf(entity, own)} path={_splat ?? ""} place="entity" pageOf={own} />;
}
