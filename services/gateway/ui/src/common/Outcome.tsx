/** How an act of a person ended, beside its button: refused, or done and not to be seen yet. */
import type { Done } from "../api/acts";

interface Props {
  error: Error | null;
  done: Done | undefined;
}

export function Outcome({ error, done }: Props) {
  if (error) return <span className="problem-place" role="alert">{error.message}</span>;
  return done === "soon" ? <span className="problem-place" role="status">Done; it will be seen here soon.</span> : null;
}
