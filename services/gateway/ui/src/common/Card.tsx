import type { ReactNode } from "react";

interface Props {
  title: string;
  /** What belongs to the right end of the title line. */
  aside?: ReactNode;
  /** Lets the content reach the edges, as graphs and tables want. */
  flush?: boolean;
  children: ReactNode;
}

export function Card({ title, aside, flush = false, children }: Props) {
  return (
    <section className="card" data-flush={flush || undefined}>
      <header className="card-head">
        <h2>{title}</h2>
        {aside}
      </header>
      <div className="card-body">{children}</div>
    </section>
  );
}
