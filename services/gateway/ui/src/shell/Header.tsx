/** Search, theme and who one is. */
import { Kbd } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { usePalette } from "../search/Palette";
import { Mark } from "./Logo";
import { ThemeToggle } from "./ThemeToggle";
import { UserMenu } from "./UserMenu";

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function Header() {
  const { open } = usePalette();
  return (
    <header className="header">
      <Link to="/catalog" className="header-mark" aria-label="Sipario, to the catalog">
        <Mark size={26} />
      </Link>
      <button type="button" className="palette-trigger" onClick={open} aria-keyshortcuts="Control+K Meta+K">
        <Search size={15} aria-hidden />
        <span>Search everything</span>
        <Kbd size="xs">{isMac ? "⌘" : "Ctrl"} K</Kbd>
      </button>
      <div className="header-tools">
        <ThemeToggle />
        <UserMenu />
      </div>
    </header>
  );
}
