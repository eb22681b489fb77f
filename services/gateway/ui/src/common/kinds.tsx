/** What each kind looks like: its icon, its colour, its word in the plural. */
import {
  Bot, Box, Boxes, Braces, CircleHelp, Database, FileText, Globe, LayoutTemplate, MapPin, User, Users,
} from "lucide-react";
import type { ComponentType } from "react";

type Icon = ComponentType<{ size?: number; className?: string; "aria-hidden"?: boolean }>;

interface KindLook {
  icon: Icon;
  label: string;
  plural: string;
}

const LOOKS: Record<string, KindLook> = {
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
  documentation: { icon: FileText, label: "Documentation", plural: "Documentation" },
};

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export function lookOf(kind: string): KindLook {
  const known = LOOKS[kind.toLowerCase()];
  return known ?? { icon: CircleHelp, label: capital(kind), plural: `${capital(kind)}s` };
}

const ORDER = Object.keys(LOOKS);

/** The order in which kinds are offered: what people look for most comes first. */
export function byKind(left: string, right: string): number {
  const place = (kind: string) => (ORDER.indexOf(kind.toLowerCase()) + ORDER.length + 1) % (ORDER.length + 1);
  return place(left) - place(right) || left.localeCompare(right);
}

export function KindIcon({ kind, size = 16 }: { kind: string; size?: number }) {
  const { icon: Glyph } = lookOf(kind);
  return (
    <span className="kind-icon" data-kind={kind.toLowerCase()}>
      <Glyph size={size} aria-hidden />
    </span>
  );
}
