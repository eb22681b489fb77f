/** A page without an entity: never declared, removed, or not there at the moment that was asked for. */
import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useMatch } from "@tanstack/react-router";
import { restore } from "../api/acts";
import { ApiError } from "../api/client";
import { history } from "../api/queries";
import type { VersionItem } from "../api/types";
import { EmptyStage } from "../common/EmptyStage";
import { useLook } from "../common/kinds";
import { Loading } from "../common/Loading";
import { Moment } from "../common/Moment";
import { Outcome } from "../common/Outcome";
import { parseRef } from "../common/refs";
import { AsOfBanner } from "./AsOfBanner";
import { ENTITY_ROUTE } from "./as-of";

export function NoSuchEntity({ entityRef }: { entityRef: string }) {
  const { data, isPending } = useInfiniteQuery({ ...history(entityRef), retry: false });
  const last = data?.pages[0]?.items[0];
  if (isPending) return <Loading rows={8} />;
  return last?.happened === "removed" ? <Removed entityRef={entityRef} last={last} /> : <NeverDeclared entityRef={entityRef} />;
}

function Removed({ entityRef, last: { at, cause } }: { entityRef: string; last: VersionItem }) {
  const telling = useMatch({ from: `${ENTITY_ROUTE}/history`, shouldThrow: false }) !== undefined;
  const who = cause.author || cause.actor;
  const where = [cause.commit && `commit ${cause.commit.slice(0, 8)}`, cause.repository].filter(Boolean).join(" of ");
  return (
    <article className="page">
      <EmptyStage
        whole
        title="Removed from the catalog"
        text={
          <>
            <code>{entityRef}</code> went <Moment at={at} />{who && <>, by <strong>{who}</strong></>}
            {where && <>, with <span className="wrap">{where}</span></>}. It comes back once a source declares it again.
          </>
        }
      >
        <RestoreButton entityRef={entityRef} />
        {!telling && (
          <Button renderRoot={(props) => <Link {...props} to="/catalog/$namespace/$kind/$name/history" params={parseRef(entityRef)} />}>
            See its history
          </Button>
        )}
      </EmptyStage>
      {telling && <Outlet />}
    </article>
  );
}

function RestoreButton({ entityRef }: { entityRef: string }) {
  const client = useQueryClient();
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: () => restore(entityRef),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <>
      <Button variant="default" loading={isPending} onClick={() => mutate()}>Restore it</Button>
      <Outcome error={error} done={data} />
    </>
  );
}

/** A ref that nothing declares: others may point at it, so it says how to declare it. */
function NeverDeclared({ entityRef }: { entityRef: string }) {
  const { kind, namespace, name } = parseRef(entityRef);
  const { label } = useLook(kind);
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

export function NotThen({ entityRef, at, error }: { entityRef: string; at: string; error: Error }) {
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <article className="page">
      <AsOfBanner at={at} />
      <EmptyStage whole title="Not in the catalog then" text={missing ? <><code>{entityRef}</code> was not declared at that moment.</> : error.message} />
    </article>
  );
}
