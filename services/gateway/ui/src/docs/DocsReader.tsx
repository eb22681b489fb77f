/** A documentation site: its tree, the page, and what is on the page. */
import "./docs.css";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { ApiError } from "../api/client";
import { docsMetadata, docsPage, docsPath, entityByRef } from "../api/queries";
import { EmptyStage } from "../common/EmptyStage";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { parseRef } from "../common/refs";
import { declaresDocs } from "../entity/annotations";
import { useTitle } from "../common/useTitle";
import { tidyPath } from "./addresses";
import { DocsContext } from "./DocsContext";
import { DocsNav } from "./DocsNav";
import { DocsTrouble } from "./DocsTrouble";
import { DocsToc } from "./DocsToc";
import { navTree } from "./nav";
import { PageArticle } from "./PageArticle";

interface Props {
  entityRef: string;
  path: string;
  place: "docs" | "entity";
  /** The entity in whose page this is, when it is not the one documented. */
  pageOf?: string;
}

const EXAMPLE = `metadata:
  annotations:
    backstage.io/techdocs-ref: dir:.
`;

export function DocsReader({ entityRef, path, place, pageOf }: Props) {
  const metadata = useQuery(docsMetadata(entityRef));
  const current = tidyPath(path);
  const page = useQuery({ ...docsPage(entityRef, current), enabled: metadata.isSuccess });
  const whole = place === "docs";
  const hrefOf = useHrefOf(whole ? entityRef : (pageOf ?? entityRef), place);
  useTitle(page.data ? `${page.data.title} · ${metadata.data?.site_name ?? ""}` : metadata.data?.site_name);
  if (metadata.error && !metadata.data) return <NoDocs entityRef={entityRef} whole={whole} error={metadata.error} retry={() => void metadata.refetch()} />;
  if (!metadata.data) return <Loading rows={8} />;
  if (metadata.data.error && !metadata.data.etag) return <DocsTrouble {...metadata.data} whole={whole} />;
  const tree = navTree(metadata.data);
  return (
    <DocsContext value={{ ref: entityRef, current, hrefOf }}>
      <DocsTrouble {...metadata.data} />
      <div className="docs">
        <DocsNav title={metadata.data.site_name} tree={tree} />
        {page.data ? (
          <PageArticle page={page.data} tree={tree} />
        ) : page.error ? (
          <MissingPage whole={whole} error={page.error} path={current} retry={() => void page.refetch()} />
        ) : (
          <div className="docs-article"><Loading rows={8} /></div>
        )}
        <DocsToc headings={page.data?.toc ?? []} />
      </div>
    </DocsContext>
  );
}

function useHrefOf(ref: string, place: Props["place"]) {
  return useCallback(
    (path: string) => {
      const { kind, namespace, name } = parseRef(ref);
      const page = path.split("/").map(encodeURIComponent).join("/");
      const base = place === "docs" ? `/docs/${docsPath(ref)}` : `/catalog/${namespace}/${kind}/${name}/docs`;
      return page ? `${base}/${page}` : `${base}/`;
    },
    [ref, place],
  );
}

interface Absence {
  whole: boolean;
  error: Error;
  retry: () => void;
}

function NoDocs({ entityRef, whole, error, retry }: Absence & { entityRef: string }) {
  const { data: entity, isPending } = useQuery(entityByRef(entityRef));
  if (!(error instanceof ApiError) || error.status !== 404) return <Failure error={error} retry={retry} />;
  if (isPending) return <Loading rows={8} />;
  if (entity && declaresDocs(entity)) {
    return <EmptyStage whole={whole} title="The docs are being built" text="They are declared and come here by themselves once their first build is done." />;
  }
  return (
    <EmptyStage whole={whole} title="No documentation yet" code={EXAMPLE}
      text={<>Add this to the <code>catalog-info.yaml</code>, and Markdown under <code>docs/</code> beside it.</>} />
  );
}

function MissingPage({ whole, error, path, retry }: Absence & { path: string }) {
  if (!(error instanceof ApiError) || error.status !== 404) return <Failure error={error} retry={retry} />;
  return <EmptyStage whole={whole} title="No such page" text={<>This documentation has no page <code>{path || "index"}</code>.</>} />;
}
