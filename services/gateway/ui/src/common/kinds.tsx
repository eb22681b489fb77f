/** What each kind looks like: its icon, its colour, its word in the plural; of those that definitions add, what these say. */
import { useQuery } from "@tanstack/react-query";
import {
  Bot, Box, Boxes, Braces, CircleHelp, Database, FileText, Globe, LayoutTemplate, MapPin, Shapes, User, Users,
} from "lucide-react";
import { createContext, useContext, useMemo, type ReactNode } from "react";
import { kinds } from "../api/queries";
import type { Kind } from "../api/types";
import { iconOf, type Icon } from "./kind-icons";

export interface KindLook {
  icon: Icon;
  label: string;
  plural: string;
}

type Looks = Record<string, KindLook>;

const LOOKS: Looks = {
  component: { icon: Box, label: "Component", plural: "Components" },
  api: { icon: Braces, label: "API", plural: "APIs" },
  resource: { icon: Database, label: "Resource", plural: "Resources" },
  system: { icon: Boxes, label: "System", plural: "Systems" },
  domain: { icon: Globe, label: "Domain", plural: "Domains" },
  group: { icon: Users, label: "Group", plural: "Groups" },
  user: { icon: User, label: "User", plural: "Users" },
  template: { icon: LayoutTemplate, label: "Template", plural: "Templates" },
  location: { icon: MapPin, label: "Location", plural: "Locations" },
  airesource: { icon: Bot, label: "AI resource", plural: "AI resources" },
  kinddefinition: { icon: Shapes, label: "Kind definition", plural: "Kind definitions" },
  documentation: { icon: FileText, label: "Documentation", plural: "Documentation" },
};

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** The looks of all kinds: built-in ones stay as they are. */
export function looksOf(known: readonly Kind[]): Looks {
  const added = known.filter(({ kind }) => !(kind.toLowerCase() in LOOKS)).map(({ kind, title, plural, icon }): [string, KindLook] =>
    [kind.toLowerCase(), { icon: iconOf(icon), label: title, plural }]);
  return { ...LOOKS, ...Object.fromEntries(added) };
}

const LooksContext = createContext(LOOKS);

/** Lets everything below know the kinds that definitions add. */
export function WithKinds({ children }: { children: ReactNode }) {
  const { data } = useQuery(kinds);
  const looks = useMemo(() => looksOf(data ?? []), [data]);
  return <LooksContext value={looks}>{children}</LooksContext>;
}

export function useLook(kind: string): KindLook {
  return lookOf(kind, useContext(LooksContext));
}

export function lookOf(kind: string, looks: Looks = LOOKS): KindLook {
  const known = looks[kind.toLowerCase()];
  return known ?? { icon: CircleHelp, label: capital(kind), plural: `${capital(kind)}s` };
}

const ORDER = Object.keys(LOOKS);

/** The order in which kinds are offered: what people look for most comes first. */
export function byKind(left: string, right: string): number {
  const place = (kind: string) => (ORDER.indexOf(kind.toLowerCase()) + ORDER.length + 1) % (ORDER.length + 1);
  return place(left) - place(right) || left.localeCompare(right);
}

export function KindIcon({ kind, size = 16 }: { kind: string; size?: number }) {
  const { icon: Glyph } = useLook(kind);
  return (
    <span className="kind-icon" data-kind={kind.toLowerCase()}>
      <Glyph size={size} aria-hidden />
    </span>
  );
}
