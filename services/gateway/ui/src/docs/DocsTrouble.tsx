/** What is wrong with a site's sources: a failed build loudly, lesser mistakes folded away. */
import { CircleAlert } from "lucide-react";
import type { DocsMetadata } from "../api/types";

export function DocsTrouble({ error, problems = [] }: Pick<DocsMetadata, "error" | "problems">) {
  return (
    <>
      {error && (
        <section className="status-banner" role="status">
          <CircleAlert size={18} aria-hidden />
          <div>
            <h2>The last build failed; what was built before is shown</h2>
            <p>{error}</p>
          </div>
        </section>
      )}
      {problems.length > 0 && (
        <details className="docs-problems">
          <summary>{problems.length === 1 ? "1 thing to mend in these docs" : `${problems.length} things to mend in these docs`}</summary>
          <ul>
            {problems.map(({ message, path, line }, at) => (
              <li key={at}>{path && <span className="mono">{line ? `${path}:${line}` : path} </span>}{message}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
