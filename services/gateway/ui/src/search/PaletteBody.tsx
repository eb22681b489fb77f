/** What is typed, what is found, and moving through it with the arrows. */
import { Kbd } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { BookOpen, GitBranch, Library, Search, type LucideIcon } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { search } from "../api/queries";
import { stringifyQuery } from "../common/query-string";
import { HitContent } from "./HitContent";
import { pathOf } from "./hits";
import { rememberVisit, recentVisits } from "./recent";

interface Choice {
  key: string;
  href: string;
  section: string;
  label: string;
  content: ReactNode;
}

const place = (label: string, href: string, Glyph: LucideIcon): Choice => ({
  key: href, href, label, section: "Go to", content: <PlaceContent icon={<Glyph size={16} aria-hidden />} label={label} />,
});
const PLACES = [
  place("Catalog", "/catalog", Library),
  place("Documentation", "/docs", BookOpen),
  place("Sources", "/sources", GitBranch),
];

function PlaceContent({ icon, label }: { icon: ReactNode; label: string }) {
  return (
    <>
      <span className="kind-icon">{icon}</span>
      <span className="hit-title">{label}</span>
    </>
  );
}

export function PaletteBody({ close }: { close: () => void }) {
  const [typed, setTyped] = useState("");
  const { choices, busy, error } = useChoices(typed.trim());
  const [at, setAt] = useState(0);
  const router = useRouter();
  const id = useId();
  useEffect(() => setAt(0), [typed]);
  const go = (choice: Choice | undefined) => {
    if (!choice) return;
    if (choice.section !== "Go to") rememberVisit({ href: choice.href, label: choice.label });
    close();
    router.history.push(choice.href);
  };
  const selected = Math.min(at, choices.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((selected + step + choices.length) % choices.length);
    else if (event.key === "Home" && event.ctrlKey) setAt(0);
    else if (event.key === "Enter") go(choices[selected]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="palette-body">
      <div className="palette-input">
        <Search size={18} aria-hidden />
        <input
          autoFocus type="text" role="combobox" aria-expanded aria-controls={`${id}-list`} aria-autocomplete="list"
          aria-activedescendant={choices[selected] ? `${id}-${selected}` : undefined} aria-label="Search everything"
          placeholder="Search entities, docs, APIs" spellCheck={false} value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)} onKeyDown={onKeyDown}
        />
        <Kbd size="xs">Esc</Kbd>
      </div>
      <Options id={id} choices={choices} selected={selected} onHover={setAt} onChoose={go} />
      <p className="palette-foot" role="status">
        {error ? `Search is not available: ${error.message}` : footnote(typed.trim(), busy, choices.length)}
      </p>
    </div>
  );
}

function footnote(term: string, busy: boolean, found: number): string {
  if (busy) return "Searching";
  if (term && found <= 1) return `Nothing is called or says “${term}”.`;
  return "↑ ↓ to choose · Enter to open · Esc to close";
}

interface OptionsProps {
  id: string;
  choices: Choice[];
  selected: number;
  onHover: (at: number) => void;
  onChoose: (choice: Choice) => void;
}

function Options({ id, choices, selected, onHover, onChoose }: OptionsProps) {
  const active = useRef<HTMLDivElement>(null);
  useEffect(() => {
    active.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <div className="palette-list" id={`${id}-list`} role="listbox" aria-label="Results">
      {choices.map((choice, at) => (
        <div key={choice.key} role="presentation">
          {choice.section !== choices[at - 1]?.section && <p className="palette-section" aria-hidden>{choice.section}</p>}
          <div
            id={`${id}-${at}`} role="option" aria-selected={at === selected} className="palette-option"
            ref={at === selected ? active : null} onMouseMove={() => onHover(at)} onClick={() => onChoose(choice)}
          >
            {choice.content}
          </div>
        </div>
      ))}
    </div>
  );
}

function useChoices(term: string): { choices: Choice[]; busy: boolean; error: Error | null } {
  const [settled] = useDebouncedValue(term, 90);
  const found = useQuery({ ...search({ term: settled, limit: 12 }), enabled: settled !== "" });
  if (term === "") return { choices: [...recent(), ...PLACES], busy: false, error: null };
  const hits = (found.data?.results ?? []).map((hit) => ({
    key: `${hit.type} ${hit.document.location}`,
    href: pathOf(hit),
    section: hit.type === "techdocs" ? "Documentation" : "Catalog",
    label: hit.document.title,
    content: <HitContent hit={hit} />,
  }));
  const sorted = [...hits.filter((hit) => hit.section === "Catalog"), ...hits.filter((hit) => hit.section !== "Catalog")];
  const more = `/search${stringifyQuery({ query: term })}`;
  const everything: Choice = {
    key: "everything", href: more, section: "Go to", label: "All results",
    content: <PlaceContent icon={<Search size={16} aria-hidden />} label={`All results for “${term}”`} />,
  };
  return { choices: [...sorted, everything], busy: found.isFetching || settled !== term, error: found.error };
}

function recent(): Choice[] {
  return recentVisits().map(({ href, label }) => ({
    key: `recent ${href}`, href, label, section: "Recent",
    content: <PlaceContent icon={<Search size={16} aria-hidden />} label={label} />,
  }));
}
