/** The tree of pages; folded to a menu on narrow screens. */
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useReading } from "./DocsContext";
import { containsPath, type NavNode } from "./nav";

export function DocsNav({ title, tree }: { title: string; tree: NavNode[] }) {
  const [open, setOpen] = useState(false);
  return (
    <nav className="docs-nav" aria-label="Documentation" data-open={open || undefined}>
      <button type="button" className="docs-nav-title" aria-expanded={open} onClick={() => setOpen(!open)}>
        {title}
        <ChevronRight size={15} aria-hidden />
      </button>
      <NavList nodes={tree} onChosen={() => setOpen(false)} />
    </nav>
  );
}

function NavList({ nodes, onChosen }: { nodes: NavNode[]; onChosen: () => void }) {
  return (
    <ul>
      {nodes.map((node, at) => (
        <NavEntry key={`${at} ${node.title}`} node={node} onChosen={onChosen} />
      ))}
    </ul>
  );
}

function NavEntry({ node, onChosen }: { node: NavNode; onChosen: () => void }) {
  const { current, hrefOf } = useReading();
  const active = node.path === current;
  if (node.children.length > 0) {
    return (
      <li>
        <details open={containsPath(node, current) || undefined}>
          <summary><ChevronRight size={13} aria-hidden />{node.title}</summary>
          <NavList nodes={node.path === undefined ? node.children : [{ ...node, children: [] }, ...node.children]} onChosen={onChosen} />
        </details>
      </li>
    );
  }
  if (node.href) return <li><a href={node.href} target="_blank" rel="noopener noreferrer">{node.title}</a></li>;
  if (node.path === undefined) return <li className="dim">{node.title}</li>;
  return (
    <li>
      <Link to={hrefOf(node.path) as "/docs"} activeOptions={{ exact: true }} data-active={active || undefined} aria-current={active ? "page" : undefined} onClick={onChosen}>
        {node.title}
      </Link>
    </li>
  );
}
