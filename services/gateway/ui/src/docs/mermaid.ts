/** Mermaid, loaded only by pages that have diagrams. */
import mermaid from "mermaid";
import { withConstructedStyles } from "./constructed-styles";
import { showMistake } from "./mistake";

let serial = 0;

function configure(): void {
  const dark = document.documentElement.getAttribute("data-mantine-color-scheme") === "dark";
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: "base",
    darkMode: dark,
    fontFamily: "system-ui, sans-serif",
    htmlLabels: false,
    // Mermaid's own choice for flowcharts is ELK: half a megabyte to fetch, and a second to begin.
    layout: "dagre",
    flowchart: { htmlLabels: false },
    themeVariables: dark
      ? { background: "#1b191b", primaryColor: "#3a1a23", primaryTextColor: "#ebe8e9", primaryBorderColor: "#b62c4b", lineColor: "#aaa4a7", secondaryColor: "#272427", tertiaryColor: "#201d20", textColor: "#ebe8e9" }
      : { background: "#ffffff", primaryColor: "#fdf3f5", primaryTextColor: "#201d1f", primaryBorderColor: "#9c1f3d", lineColor: "#696366", secondaryColor: "#f4f2f2", tertiaryColor: "#faf9f9", textColor: "#201d1f" },
  });
}

let turn = Promise.resolve();

/** Draws one after the other: Mermaid's settings and its styles on the page are for one drawing at a time. */
export function drawMermaid(figure: HTMLElement, source: string): Promise<void> {
  turn = turn.then(() => drawNow(figure, source));
  return turn;
}

/** Replaces what the figure shows by the drawing; on a mistake in the source, that stays, with the reason. */
async function drawNow(figure: HTMLElement, source: string): Promise<void> {
  const bench = document.createElement("div");
  bench.className = "diagram-bench";
  document.body.append(bench);
  try {
    configure();
    const id = `diagram-${(serial += 1)}`;
    const [{ svg }, styles] = await withConstructedStyles(bench, () => mermaid.render(id, source, bench));
    showDrawing(figure, sized(svg, styles), source);
  } catch (mistake) {
    const reason = mistake instanceof Error ? mistake.message : String(mistake);
    showMistake(figure, `This diagram has a mistake: ${reason.split("\n")[0]}`);
  } finally {
    bench.remove();
  }
}

function showDrawing(figure: HTMLElement, { drawing, width, height }: Drawing, source: string): void {
  const image = figure.querySelector("img") ?? document.createElement("img");
  Object.assign(image, { width, height });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`;
  image.alt = `Diagram: ${source.trim().replace(/\s+/g, " ").slice(0, 300)}`;
  figure.querySelector("pre, div")?.setAttribute("hidden", "");
  figure.querySelector("figcaption")?.remove();
  if (!image.isConnected) figure.prepend(image);
}

interface Drawing {
  drawing: string;
  width: number;
  height: number;
}

/** An image carries its own styles and size, and is XML, which knows no `&nbsp;`. */
function sized(svg: string, styles: string): Drawing {
  const [, , , width = 600, height = 300] = (/viewBox="([\d.-]+) ([\d.-]+) ([\d.]+) ([\d.]+)"/.exec(svg) ?? []).map(Number);
  const drawing = svg
    .replace(/^<svg[^>]*>/, (start) => start.replace(/ (width|height|style)="[^"]*"/g, ""))
    .replace(/^<svg/, `<svg width="${width}" height="${height}"`)
    .replace(/^<svg[^>]*>/, (start) => `${start}<style>${styles.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</style>`)
    .replaceAll("&nbsp;", "&#160;");
  return { drawing, width: Math.ceil(width), height: Math.ceil(height) };
}
