/** Mermaid, loaded only by pages that have diagrams. */
import mermaid from "mermaid";

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
    flowchart: { htmlLabels: false },
    themeVariables: dark
      ? { background: "#1b191b", primaryColor: "#3a1a23", primaryTextColor: "#ebe8e9", primaryBorderColor: "#b62c4b", lineColor: "#aaa4a7", secondaryColor: "#272427", tertiaryColor: "#201d20", textColor: "#ebe8e9" }
      : { background: "#ffffff", primaryColor: "#fdf3f5", primaryTextColor: "#201d1f", primaryBorderColor: "#9c1f3d", lineColor: "#696366", secondaryColor: "#f4f2f2", tertiaryColor: "#faf9f9", textColor: "#201d1f" },
  });
}

/** Replaces what the figure shows by the drawing; on a mistake in the source, that stays, with the reason. */
export async function drawMermaid(figure: HTMLElement, source: string): Promise<void> {
  const bench = document.createElement("div");
  bench.className = "diagram-bench";
  document.body.append(bench);
  try {
    configure();
    const { svg } = await mermaid.render(`diagram-${(serial += 1)}`, source, bench);
    showDrawing(figure, svg, source);
  } catch (mistake) {
    showMistake(figure, mistake instanceof Error ? mistake.message : String(mistake));
  } finally {
    bench.remove();
  }
}

function showDrawing(figure: HTMLElement, svg: string, source: string): void {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const image = figure.querySelector("img") ?? document.createElement("img");
  const [, , width, height] = (parsed.getAttribute("viewBox") ?? "").split(/\s+/).map(Number);
  if (width && height) {
    parsed.setAttribute("width", String(width));
    parsed.setAttribute("height", String(height));
    Object.assign(image, { width: Math.ceil(width), height: Math.ceil(height) });
  }
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(parsed))}`;
  image.alt = parsed.querySelector("title")?.textContent || `Diagram: ${source.trim().replace(/\s+/g, " ").slice(0, 300)}`;
  figure.querySelector("pre, div")?.setAttribute("hidden", "");
  if (!image.isConnected) figure.prepend(image);
}

function showMistake(figure: HTMLElement, reason: string): void {
  const note = figure.querySelector("figcaption") ?? document.createElement("figcaption");
  note.textContent = `This diagram has a mistake: ${reason.split("\n")[0]}`;
  if (!note.isConnected) figure.append(note);
}
