/** Tabs as Markdown's `=== "Title"` renders them: labels and blocks, made a proper tab list. */
let serial = 0;

export function livenTabs(content: HTMLElement): void {
  for (const set of content.querySelectorAll<HTMLElement>(".tabbed-set")) {
    const labels = [...set.querySelectorAll<HTMLElement>(":scope > .tabbed-labels > label")];
    const blocks = [...set.querySelectorAll<HTMLElement>(":scope > .tabbed-content > .tabbed-block")];
    if (labels.length === 0 || labels.length !== blocks.length) continue;
    set.querySelectorAll(":scope > input").forEach((input) => input.remove());
    labels[0]!.parentElement!.setAttribute("role", "tablist");
    const choose = (chosen: number) => labels.forEach((label, at) => show(label, blocks[at]!, at === chosen));
    labels.forEach((label, at) => connect(label, blocks[at]!, { at, labels, choose }));
    choose(0);
  }
}

interface Connection {
  at: number;
  labels: HTMLElement[];
  choose: (at: number) => void;
}

function connect(label: HTMLElement, block: HTMLElement, { at, labels, choose }: Connection): void {
  const id = `tab-${(serial += 1)}`;
  label.removeAttribute("for");
  Object.entries({ role: "tab", id, "aria-controls": `${id}-panel` }).forEach(([name, value]) => label.setAttribute(name, value));
  Object.entries({ role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id }).forEach(([name, value]) => block.setAttribute(name, value));
  label.addEventListener("click", () => choose(at));
  label.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const other = step ? (at + step + labels.length) % labels.length : event.key === "Enter" || event.key === " " ? at : -1;
    if (other < 0) return;
    event.preventDefault();
    choose(other);
    labels[other]!.focus();
  });
}

function show(label: HTMLElement, block: HTMLElement, chosen: boolean): void {
  label.setAttribute("aria-selected", String(chosen));
  label.tabIndex = chosen ? 0 : -1;
  block.hidden = !chosen;
}
