/** What is wrong with a site's sources: a failed build loudly, lesser mistakes folded away. */
import { CircleAlert } from "lucide-react";
import type { DocsMetadata } from "../api/types";

interface Props extends Pick<DocsMetadata, "error" | "problems" | "etag"> {
  /** It is all that the page has. */
  whole?: boolean;
}

/** Without an `etag` nothing was ever built. */
export function DocsTrouble({ error, problems = [], etag, whole = false }: Props) {
  const Heading = whole ? "h1" : "h2";
  return (
    <>
      {error && (
        <section className="status-banner" role="status">
          <CircleAlert size={18} aria-hidden />
          <div>
            <Heading>{etag ? "The last build failed; what was built before is shown" : "The build failed, so there is nothing to read yet"}</Heading>
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
