/** Remembers for a moment which refs just changed, so that their rows can show it. */

const SHOWN_FOR = 2_400;

export class RecentChanges {
  private readonly fresh = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  has(ref: string): boolean {
    return this.fresh.has(ref);
  }

  mark(refs: readonly string[]): void {
    for (const ref of refs) this.fresh.set(ref, (this.fresh.get(ref) ?? 0) + 1);
    this.tell();
    window.setTimeout(() => this.fade(refs), SHOWN_FOR);
  }

  private fade(refs: readonly string[]): void {
    for (const ref of refs) {
      const left = (this.fresh.get(ref) ?? 1) - 1;
      if (left > 0) this.fresh.set(ref, left);
      else this.fresh.delete(ref);
    }
    this.tell();
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}
