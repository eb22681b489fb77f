/** The icons that a kind definition may name, by their names at lucide.dev. */
import {
  Bell, BookOpen, BrainCircuit, Bug, Building2, CalendarDays, ChartLine, CircleDollarSign, ClipboardList, Cloud,
  Container, Cpu, CreditCard, Database, Factory, Flag, FlaskConical, Folder, Gauge, GitBranch, Globe, Handshake,
  HardDrive, HeartPulse, KeyRound, Layers, Lock, Mail, MapPin, MessageSquare, Monitor, Network, Package, Plug, Puzzle,
  Radio, Rocket, Scale, Server, Shapes, Shield, Siren, Smartphone, Sparkles, SquareTerminal, Star, Store, Table2, Tag,
  Truck, User, Users, Workflow, Wrench, Zap,
} from "lucide-react";
import type { ComponentType } from "react";

export type Icon = ComponentType<{ size?: number; className?: string; "aria-hidden"?: boolean }>;

const ICONS: Record<string, Icon> = {
  bell: Bell, "book-open": BookOpen, "brain-circuit": BrainCircuit, bug: Bug, "building-2": Building2,
  "calendar-days": CalendarDays, "chart-line": ChartLine, "circle-dollar-sign": CircleDollarSign,
  "clipboard-list": ClipboardList, cloud: Cloud, container: Container, cpu: Cpu, "credit-card": CreditCard,
  database: Database, factory: Factory, flag: Flag, "flask-conical": FlaskConical, folder: Folder, gauge: Gauge,
  "git-branch": GitBranch, globe: Globe, handshake: Handshake, "hard-drive": HardDrive, "heart-pulse": HeartPulse,
  "key-round": KeyRound, layers: Layers, lock: Lock, mail: Mail, "map-pin": MapPin, "message-square": MessageSquare,
  monitor: Monitor, network: Network, package: Package, plug: Plug, puzzle: Puzzle, radio: Radio, rocket: Rocket,
  scale: Scale, server: Server, shapes: Shapes, shield: Shield, siren: Siren, smartphone: Smartphone,
  sparkles: Sparkles, "square-terminal": SquareTerminal, star: Star, store: Store, "table-2": Table2, tag: Tag,
  truck: Truck, user: User, users: Users, workflow: Workflow, wrench: Wrench, zap: Zap,
};

/** The icon of a name; shapes for one that is not among them. */
export function iconOf(name: string | null | undefined): Icon {
  return (name && ICONS[name.toLowerCase()]) || Shapes;
}
