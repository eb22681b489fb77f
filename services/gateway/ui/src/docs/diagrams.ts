/**
 * Draws the Mermaid sources of a page.
 *
 * The drawing is shown as an image: nothing in it can run, link or style the page, and the content security policy
 * needs no exception for the styles inside it.
 */
import { showMistake } from "./mistake";

const LANGUAGE_CLASSES = "pre.mermaid, pre > code.language-mermaid, div.mermaid";

/** Starts drawing; the returned function stops what is still under way and stops following the theme. */
export function drawDiagrams(content: HTMLElement): () => void {
  const sources = [...content.querySelectorAll<HTMLElement>(LANGUAGE_CLASSES)].map((found) => ({
    box: found.closest("pre") ?? found,
    text: found.textContent ?? "",
  }));
  if (sources.length === 0) return () => undefined;
  const stop = new AbortController();
  const figures = sources.map(({ box, text }) => ({ figure: figureFor(box), text }));
  const draw = async () => {
    const drawing = import("./mermaid").catch(() => null);
    for (const { figure, text } of figures) {
      if (stop.signal.aborted) return;
      const mermaid = await drawing;
      if (mermaid) await mermaid.drawMermaid(figure, text);
      else showMistake(figure, "This diagram cannot be drawn now; reload the page to try again.");
      figure.removeAttribute("aria-busy");
    }
  };
  void draw();
  const themeChanges = new MutationObserver(() => void draw());
  themeChanges.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
  return () => {
    stop.abort();
    themeChanges.disconnect();
  };
}

function figureFor(box: HTMLElement): HTMLElement {
  const before = box.parentElement;
  if (before?.classList.contains("diagram")) return before;
  const figure = document.createElement("figure");
  figure.className = "diagram";
  figure.setAttribute("aria-busy", "true");
  box.replaceWith(figure);
  figure.append(box);
  return figure;
}
