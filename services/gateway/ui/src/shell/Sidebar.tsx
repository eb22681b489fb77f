/** Where one can go: beside the page on wide screens, below it on narrow ones. */
import { Link, useLocation } from "@tanstack/react-router";
import { BookOpen, GitBranch, Library, Search, type LucideIcon } from "lucide-react";
import { LiveIndicator } from "./LiveIndicator";
import { Logo } from "./Logo";

interface Place {
  to: "/catalog" | "/docs" | "/search" | "/sources";
  label: string;
  icon: LucideIcon;
  /** Addresses of its further views that are not below its own. */
  also?: string[];
}

const PLACES: Place[] = [
  { to: "/catalog", label: "Catalog", icon: Library },
  { to: "/docs", label: "Docs", icon: BookOpen },
  { to: "/search", label: "Search", icon: Search },
  { to: "/sources", label: "Sources", icon: GitBranch, also: ["/catalog-unprocessed-entities", "/proposals"] },
];

export function Sidebar() {
  const { pathname } = useLocation();
  return (
    <aside className="sidebar">
      <Link to="/catalog" className="sidebar-logo" aria-label="Sipario, to the catalog">
        <Logo />
      </Link>
      <nav aria-label="Main">
        {PLACES.map(({ to, label, icon: Glyph, also = [] }) => (
          <Link key={to} to={to} className="place" activeProps={{ "data-active": true }} activeOptions={{ includeSearch: false }}
            data-active={also.includes(pathname) || undefined}>
            <Glyph size={18} aria-hidden />
            <span>{label}</span>
          </Link>
        ))}
      </nav>
      <LiveIndicator />
    </aside>
  );
}
