import type { Clock } from "../src/live/batch";

/** A clock that is moved by hand. */
export class Hand implements Clock {
  private time = 0;
  private waiting: { at: number; run: () => void }[] = [];
  now = () => this.time;
  later = (milliseconds: number, run: () => void) => void this.waiting.push({ at: this.time + milliseconds, run });

  advance(to: number): void {
    this.time = to;
    const due = this.waiting.filter(({ at }) => at <= to);
    this.waiting = this.waiting.filter(({ at }) => at > to);
    due.forEach(({ run }) => run());
  }
}
