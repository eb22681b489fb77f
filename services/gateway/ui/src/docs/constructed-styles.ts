/**
 * Lets a drawing library measure with its own style sheet under a policy that refuses `<style>` elements.
 *
 * While `draw` runs, style elements bound for `bench` become constructed sheets, which the policy allows; their text is
 * returned, to go with the drawing. Nothing outside of `bench` is touched.
 */
export async function withConstructedStyles<T>(bench: HTMLElement, draw: () => Promise<T>): Promise<[T, string]> {
  const { insertBefore } = Node.prototype;
  const sheets: CSSStyleSheet[] = [];
  const texts: string[] = [];
  Node.prototype.insertBefore = function <N extends Node>(this: Node, node: N, before: Node | null): N {
    if (!(node instanceof HTMLStyleElement) || !bench.contains(this)) return insertBefore.call(this, node, before) as N;
    texts.push(node.textContent ?? "");
    sheets.push(adopted(texts.at(-1)!));
    return node;
  };
  try {
    return [await draw(), texts.join("\n")];
  } finally {
    Node.prototype.insertBefore = insertBefore;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet));
  }
}

function adopted(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return sheet;
}
