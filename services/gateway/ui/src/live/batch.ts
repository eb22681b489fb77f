/** Gathers events so that one edit is shown at once and a flood does not refetch for each. */

export interface Clock {
  now(): number;
  later(milliseconds: number, run: () => void): void;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  later: (milliseconds, run) => void window.setTimeout(run, milliseconds),
};

/**
 * Hands over what was gathered `quiet` ms after the first of a batch, and at most once every `pause` ms.
 */
export class Batch<T> {
  private waiting: T[] = [];
  private scheduled = false;
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly flush: (items: T[]) => void,
    private readonly clock: Clock = browserClock,
    private readonly quiet = 60,
    private readonly pause = 600,
  ) {}

  add(item: T): void {
    this.waiting.push(item);
    if (this.scheduled) return;
    this.scheduled = true;
    const since = this.clock.now() - this.last;
    this.clock.later(Math.max(this.quiet, this.pause - since), () => this.release());
  }

  private release(): void {
    const items = this.waiting;
    this.waiting = [];
    this.scheduled = false;
    this.last = this.clock.now();
    this.flush(items);
  }
}
