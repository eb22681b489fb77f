/** What is said of a diagram that cannot be drawn. */

/** Says below the source why that is what is shown. */
export function showMistake(figure: HTMLElement, reason: string): void {
  const note = figure.querySelector("figcaption") ?? document.createElement("figcaption");
  note.textContent = reason;
  if (!note.isConnected) figure.append(note);
}
