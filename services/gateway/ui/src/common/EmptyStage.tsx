/** An empty state: what it means, one thing to do, and text to copy where a file is what helps. */
import type { ReactNode } from "react";
import { CopyableCode } from "./CopyableCode";

interface Props {
  title: string;
  text: ReactNode;
  code?: string;
  /** It is all that the page has. */
  whole?: boolean;
  children?: ReactNode;
}

export function EmptyStage({ title, text, code, whole = false, children }: Props) {
  const Heading = whole ? "h1" : "h2";
  return (
    <section className="notice">
      <StageDrawing />
      <Heading>{title}</Heading>
      <p>{text}</p>
      {code && <CopyableCode code={code} language="yaml" />}
      {children && <div className="notice-action">{children}</div>}
    </section>
  );
}

function StageDrawing() {
  return (
    <svg className="stage-drawing" viewBox="0 0 120 64" aria-hidden>
      <ellipse cx="60" cy="56" rx="40" ry="5" className="stage-light" />
      <path d="M60 8 L84 56 H36 Z" className="stage-beam" />
      <path d="M4 4 H116 V9 H4 Z" className="stage-cloth" />
      <path d="M6 9 H40 C38 30 26 46 6 54 Z" className="stage-cloth" />
      <path d="M114 9 H80 C82 30 94 46 114 54 Z" className="stage-cloth" />
      <path d="M14 9 C14 28 12 42 8 52 M24 9 C24 26 20 38 14 48 M33 9 C32 22 28 34 22 43" className="stage-fold" />
      <path d="M106 9 C106 28 108 42 112 52 M96 9 C96 26 100 38 106 48 M87 9 C88 22 92 34 98 43" className="stage-fold" />
    </svg>
  );
}
