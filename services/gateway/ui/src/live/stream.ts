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
const HIDDEN_FOR = 5_000;

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

/**
 * Opens the stream and keeps it open while the page is looked at; the returned function closes it for good.
 *
 * A browser has six connections to a server for all tabs together, so a tab out of sight gives its one back.
 */
export function openStream(url: string, handlers: Handlers): () => void {
  const stream = new Stream(url, handlers);
  let hiding = 0;
  const follow = () => {
    window.clearTimeout(hiding);
    if (document.visibilityState === "visible") stream.open();
    else hiding = window.setTimeout(() => stream.close(), HIDDEN_FOR);
  };
  document.addEventListener("visibilitychange", follow);
  stream.open();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    window.clearTimeout(hiding);
    stream.close();
  };
}

class Stream {
  private source: EventSource | null = null;
  private timer = 0;
  private attempt = 0;

  constructor(
    private readonly url: string,
    private readonly handlers: Handlers,
  ) {}

  open(): void {
    if (this.source) return;
    window.clearTimeout(this.timer);
    const source = new EventSource(this.url);
    this.source = source;
    source.onopen = () => {
      this.attempt = 0;
      this.handlers.onState("live");
      this.handlers.onResume();
    };
    source.onerror = () => this.retry();
    source.addEventListener("reset", () => this.handlers.onResume());
    for (const topic of TOPICS) source.addEventListener(topic, ({ data }: MessageEvent<string>) => this.tell(topic, data));
  }

  close(): void {
    window.clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private retry(): void {
    this.close();
    this.handlers.onState("offline");
    this.timer = window.setTimeout(() => this.open(), pauseBefore(this.attempt, Math.random()));
    this.attempt += 1;
  }

  private tell(topic: Topic, data: string): void {
    const event = read(topic, data);
    if (event) this.handlers.onEvent(event);
  }
}
