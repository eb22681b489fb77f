/** Keeps what is on the page true: events from the server make the matching answers be asked again. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import { KEY, kinds, session, sources } from "../api/queries";
import { Batch } from "./batch";
import { RecentChanges } from "./changes";
import { hasProperties, keysFor } from "./invalidation";
import { SourceReads } from "./source-reads";
import { openStream, type LiveEvent, type LiveState } from "./stream";

interface Live {
  state: LiveState;
  changes: RecentChanges;
}

const LiveContext = createContext<Live | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  const changes = useMemo(() => new RecentChanges(), []);

  useEffect(() => {
    const reads = new SourceReads(
      (repository) => client.getQueryData(sources.queryKey)?.filter((each) => each.repository === repository).map(({ readAt }) => readAt).join(),
      () => void client.invalidateQueries({ queryKey: sources.queryKey }),
    );
    const batch = new Batch<LiveEvent>((events) => {
      changes.mark([...new Set(events.map((event) => event.ref))]);
      reads.follow(events.filter(({ topic }) => topic === "source").map(({ ref }) => ref));
      for (const queryKey of keysFor(events)) void client.invalidateQueries({ queryKey });
      // Properties follow from what is around an entity, so that any change may be one of theirs.
      if (events.some(({ topic }) => topic === "graph")) {
        const known = client.getQueryData(kinds.queryKey) ?? [];
        void client.invalidateQueries({ predicate: ({ queryKey }) => hasProperties(queryKey, known) });
      }
    });
    const missed = { predicate: (query: { queryKey: readonly unknown[] }) => query.queryKey[0] !== KEY.session };
    return openStream("/api/events/stream", {
      onEvent: (event) => batch.add(event),
      onState: (next) => {
        setState(next);
        // A stream ends with its session too, and then there is nothing to come back to.
        if (next === "offline") void client.invalidateQueries({ queryKey: session.queryKey, exact: true });
      },
      onResume: () => void client.invalidateQueries(missed),
    });
  }, [client, changes]);

  const live = useMemo(() => ({ state, changes }), [state, changes]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("LiveProvider is missing above this component");
  return live;
}

export const useLiveState = (): LiveState => useLive().state;

/** True for a moment after the entity of this ref changed. */
export function useJustChanged(ref: string): boolean {
  const { changes } = useLive();
  return useSyncExternalStore(changes.subscribe, () => changes.has(ref));
}
