/** Where one can go: beside the page on wide screens, below it on narrow ones. */
import { Link } from "@tanstack/react-router";
import { BookOpen, GitBranch, Library, Search, type LucideIcon } from "lucide-react";
import { LiveIndicator } from "./LiveIndicator";
import { Logo } from "./Logo";

interface Place {
  to: "/catalog" | "/docs" | "/search" | "/sources";
  label: string;
  icon: LucideIcon;
}

const PLACES: Place[] = [
  { to: "/catalog", label: "Catalog", icon: Library },
  { to: "/docs", label: "Docs", icon: BookOpen },
  { to: "/search", label: "Search", icon: Search },
  { to: "/sources", label: "Sources", icon: GitBranch },
];

export function Sidebar() {
  return (
    <aside className="sidebar">
      <Link to="/catalog" className="sidebar-logo" aria-label="Sipario, to the catalog">
        <Logo />
      </Link>
      <nav aria-label="Main">
        {PLACES.map(({ to, label, icon: Glyph }) => (
          <Link key={to} to={to} className="place" activeProps={{ "data-active": true }} activeOptions={{ includeSearch: false }}>
            <Glyph size={18} aria-hidden />
            <span>{label}</span>
          </Link>
        ))}
      </nav>
      <LiveIndicator />
    </aside>
  );
}
