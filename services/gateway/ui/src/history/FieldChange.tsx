/** One changed field: short values beside each other, long ones as the lines that came and went. */
import type { FieldChange as Change } from "../api/types";
import { lineDiff, nearChanges, type DiffLine } from "./diff";
import { fieldName, valueText } from "./field";

const SHORT = 70;
const SIGNS = { same: " ", lost: "−", gained: "+" };
const WORDS = { same: "", lost: "removed: ", gained: "added: " };

export function FieldChange({ change: { path, before, after } }: { change: Change }) {
  const [was, is] = [valueText(before), valueText(after)];
  const short = [was, is].every((text) => text.length <= SHORT && !text.includes("\n"));
  return (
    <div className="field-change">
      <h3 className="mono">{fieldName(path)}</h3>
      {short ? (
        <p className="mono">
          {was ? <del>{was}</del> : <span className="dim">nothing</span>}
          <span aria-hidden> → </span><span className="visually-hidden"> became </span>
          {is ? <ins>{is}</ins> : <span className="dim">nothing</span>}
        </p>
      ) : <Lines lines={nearChanges(lineDiff(was, is))} label={fieldName(path)} />}
    </div>
  );
}

function Lines({ lines, label }: { lines: (DiffLine | null)[]; label: string }) {
  return (
    <pre className="line-diff" role="group" tabIndex={0} aria-label={`Changes of ${label}`}>
      {lines.map((line, at) => (
        <span key={at} data-change={line?.change ?? "same"}>
          <span aria-hidden>{line ? SIGNS[line.change] : "⋯"} </span>
          <span className="visually-hidden">{line ? WORDS[line.change] : "lines that stayed"}</span>
          {line?.text}{"\n"}
        </span>
      ))}
    </pre>
  );
}
