/** One entity: who it is, what is wrong with its file, and the ways to look at it. */
import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { entityByRef } from "../api/queries";
import type { Entity } from "../api/types";
import { ApiError } from "../api/client";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { formatRef, parseRef, refOf, titleOf } from "../common/refs";
import { useTitle } from "../common/useTitle";
import { useJustChanged } from "../live/LiveProvider";
import { ENTITY_ROUTE, useAsOf } from "./as-of";
import { AsOfBanner } from "./AsOfBanner";
import { EntityHeader } from "./EntityHeader";
import { EntityTabs } from "./EntityTabs";
import { NoSuchEntity, NotThen } from "./NoSuchEntity";
import { OrphanBanner } from "./OrphanBanner";
import { StatusBanner } from "./StatusBanner";

export function useEntityRef(): string {
  return formatRef(useParams({ from: ENTITY_ROUTE }));
}

/** The entity of this page, as it is or was; tabs are only shown when there is one. */
export function useEntity(): Entity | undefined {
  return useQuery(entityByRef(useEntityRef(), useAsOf())).data;
}

export function EntityPage() {
  const ref = useEntityRef();
  const asOf = useAsOf();
  const { data, error, refetch } = useQuery(entityByRef(ref, asOf));
  useTitle(data ? titleOf(data) : error ? parseRef(ref).name : undefined);
  if (asOf && error) return <NotThen entityRef={ref} at={asOf} error={error} />;
  if (error instanceof ApiError && error.status === 404) return <NoSuchEntity entityRef={ref} />;
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <Loading rows={8} />;
  return <FoundEntity entity={data} />;
}

function FoundEntity({ entity }: { entity: Entity }) {
  const ref = refOf(entity);
  const asOf = useAsOf();
  const fresh = useJustChanged(ref);
  return (
    <article className="page" data-ref={ref}>
      {asOf && <AsOfBanner at={asOf} />}
      <EntityHeader entity={entity} fresh={fresh} />
      {!asOf && <OrphanBanner entity={entity} />}
      <StatusBanner entity={entity} />
      <EntityTabs entity={entity} />
      <Outlet />
    </article>
  );
}
