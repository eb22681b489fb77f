/** Says that nothing declares the entity any more, when it goes, and lets somebody decide. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Unlink } from "lucide-react";
import { keepOrphan, removeEntity } from "../api/acts";
import { orphans } from "../api/queries";
import type { Entity } from "../api/types";
import { Moment } from "../common/Moment";
import { Outcome } from "../common/Outcome";
import { refOf } from "../common/refs";

const isOrphan = (entity: Entity) => entity.metadata.annotations?.["backstage.io/orphan"] === "true";

export function OrphanBanner({ entity }: { entity: Entity }) {
  return isOrphan(entity) ? <Orphaned entity={entity} /> : null;
}

function Orphaned({ entity }: { entity: Entity }) {
  const ref = refOf(entity);
  const client = useQueryClient();
  const { data } = useQuery(orphans);
  const told = data?.find(({ entityRef }) => entityRef === ref);
  const settled = { onSettled: () => client.invalidateQueries() };
  const keep = useMutation({ mutationFn: () => keepOrphan(ref), ...settled });
  const remove = useMutation({ mutationFn: () => removeEntity(entity.metadata.uid ?? ""), ...settled });
  return (
    <section className="status-banner" data-level="warning" role="status">
      <Unlink size={18} aria-hidden />
      <div>
        <h2>Nothing declares this entity any more</h2>
        <p>
          {told?.goesAt ? <>It goes <Moment at={told.goesAt} />, unless something declares it again.</>
            : "It stays as it was last, until something declares it again."}
        </p>
        <p className="banner-acts">
          {told?.goesAt && <Button size="compact-sm" variant="default" loading={keep.isPending} onClick={() => keep.mutate()}>Keep</Button>}
          <Button size="compact-sm" variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>Delete</Button>
          <Outcome error={keep.error ?? remove.error} done={remove.data} />
        </p>
      </div>
    </section>
  );
}
