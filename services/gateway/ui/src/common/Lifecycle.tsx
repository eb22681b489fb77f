/** How grown-up an entity says it is; the colour is a second sign beside the word. */
export function Lifecycle({ value }: { value: string | undefined }) {
  if (!value) return <span className="dim">–</span>;
  return (
    <span className="lifecycle" data-stage={value.toLowerCase()}>
      <span className="lifecycle-dot" aria-hidden />
      {value}
    </span>
  );
}
