/** From the sources to what of them is not in the catalog, to what could be, and back. */
import { Link } from "@tanstack/react-router";

export function SourceTabs() {
  const tab = { className: "tab", activeProps: { "data-active": true } };
  return (
    <nav className="tabs" aria-label="Views of what is read">
      <Link {...tab} to="/sources">Sources</Link>
      <Link {...tab} to="/catalog-unprocessed-entities">Unprocessed entities</Link>
      <Link {...tab} to="/proposals">Proposals</Link>
    </nav>
  );
}
