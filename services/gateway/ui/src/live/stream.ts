/** The server's event stream, reconnected with growing pauses for as long as someone is signed in. */
import type { Topic } from "./invalidation";

export type LiveState = "connecting" | "live" | "offline";

export interface LiveEvent {
  topic: Topic;
  ref: string;
  version: number;
  gone: boolean;
}

interface Handlers {
  onEvent(event: LiveEvent): void;
  onState(state: LiveState): void;
  /** Called when the stream opens, or when the server says so: what was asked before may have changed unheard. */
  onResume(): void;
}

const TOPICS: readonly Topic[] = ["graph", "docs", "source"];
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 20_000;

/** The pause before the given attempt, in milliseconds, spread so that many browsers do not return at once. */
export function pauseBefore(attempt: number, random: number): number {
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt);
  return longest * (0.5 + random / 2);
}

function read(topic: Topic, data: string): LiveEvent | null {
  try {
    const value = JSON.parse(data) as { ref?: string; version?: number; gone?: boolean };
    return { topic, ref: value.ref ?? "", version: value.version ?? 0, gone: value.gone ?? false };
  } catch {
    return null;
  }
}

/** Opens the stream and keeps it open; the returned function closes it for good. */
export function openStream(url: string, handlers: Handlers): () => void {
  let source: EventSource | null = null;
  let timer = 0;
  let attempt = 0;
  let closed = false;

  const connect = () => {
    source = new EventSource(url);
    source.onopen = () => {
      attempt = 0;
      handlers.onState("live");
      handlers.onResume();
    };
    source.onerror = retry;
    source.addEventListener("reset", () => handlers.onResume());
    for (const topic of TOPICS) {
      source.addEventListener(topic, (message: MessageEvent<string>) => {
        const event = read(topic, message.data);
        if (event) handlers.onEvent(event);
      });
    }
  };
  const retry = () => {
    source?.close();
    if (closed) return;
    handlers.onState("offline");
    timer = window.setTimeout(connect, pauseBefore(attempt, Math.random()));
    attempt += 1;
  };

  handlers.onState("connecting");
  connect();
  return () => {
    closed = true;
    window.clearTimeout(timer);
    source?.close();
  };
}
