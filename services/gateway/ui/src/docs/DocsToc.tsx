/** What is on the page, following what is in view. */
import { useEffect, useState } from "react";
import type { DocsHeading } from "../api/types";

export function DocsToc({ headings }: { headings: DocsHeading[] }) {
  const shown = headings.filter(({ level }) => level >= 2 && level <= 3);
  const active = useHeadingInView(shown);
  if (shown.length < 2) return <div className="docs-toc" />;
  return (
    <nav className="docs-toc" aria-label="On this page">
      <p>On this page</p>
      <ul>
        {shown.map(({ id, title, level }) => (
          <li key={id} data-level={level}>
            <a href={`#${id}`} data-active={id === active || undefined}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function useHeadingInView(headings: DocsHeading[]): string | undefined {
  const [active, setActive] = useState<string>();
  const ids = headings.map(({ id }) => id).join(" ");
  useEffect(() => {
    const found = ids.split(" ").flatMap((id) => (id ? (document.getElementById(id) ?? []) : []));
    const follow = () => {
      const passed = found.filter((heading) => heading.getBoundingClientRect().top < 120);
      setActive((passed.at(-1) ?? found[0])?.id);
    };
    follow();
    window.addEventListener("scroll", follow, { passive: true });
    return () => window.removeEventListener("scroll", follow);
  }, [ids]);
  return active;
}
