/** Follows sources that an event announced until they were read, since nothing announces that. */
import { browserClock, type Clock } from "./batch";

/** After how many milliseconds each further look is taken, until the last one. */
const PAUSES = [700, 1_500, 3_000, 6_000, 12_000];

/** When the sources of a repository were last read, as the last answer told; undefined for one it does not name. */
type ReadAt = (repository: string) => string | undefined;

export class SourceReads {
  private readonly awaited = new Map<string, string | undefined>();
  private looks = 0;
  private scheduled = false;

  constructor(
    private readonly readAt: ReadAt,
    private readonly ask: () => void,
    private readonly clock: Clock = browserClock,
  ) {}

  /** Begins to ask for the list of sources, a few times, until each of these repositories was read anew. */
  follow(repositories: readonly string[]): void {
    if (repositories.length === 0) return;
    for (const each of repositories) this.awaited.set(each, this.readAt(each));
    this.looks = 0;
    this.schedule();
  }

  private schedule(): void {
    const pause = PAUSES[this.looks];
    if (this.scheduled || pause === undefined) return;
    this.scheduled = true;
    this.clock.later(pause, () => this.look());
  }

  private look(): void {
    this.scheduled = false;
    for (const [each, before] of this.awaited) if (this.readAt(each) !== before) this.awaited.delete(each);
    if (this.awaited.size === 0) return;
    this.ask();
    this.looks += 1;
    if (this.looks === PAUSES.length) this.awaited.clear();
    else this.schedule();
  }
}
