/** Source text with a copy button; colours arrive when the highlighter has loaded. */
import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

const COLOURED_UP_TO = 200_000;

interface Props {
  code: string;
  language?: string | undefined;
  tall?: boolean;
  label?: string;
  /** A note beside each line, with more on hover. */
  gutter?: { text: string; title?: string }[];
}

export function CopyableCode({ code, language, tall = false, label = "Source", gutter = [] }: Props) {
  return (
    <div className="code-block" data-tall={tall || undefined}>
      <CopyButton value={code}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : "Copy"}>
            <ActionIcon className="code-copy" variant="default" onClick={copy} aria-label="Copy to the clipboard">
              {copied ? <Check size={14} /> : <Copy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      <pre role="group" tabIndex={0} aria-label={label} data-gutter={gutter.length > 0 || undefined}>
        {gutter.length > 0 && (
          <span className="code-gutter">
            {gutter.map(({ text, title }, at) => <span key={at} title={title}>{text}</span>)}
          </span>
        )}
        <Coloured code={code} language={language} />
      </pre>
    </div>
  );
}

function Coloured({ code, language }: { code: string; language: string | undefined }) {
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    setHtml(null);
    if (!language || code.length > COLOURED_UP_TO) return;
    void import("./highlight").then(({ highlight }) => {
      if (current) setHtml(highlight(code, language));
    });
    return () => {
      current = false;
    };
  }, [code, language]);
  if (html === null) return <code>{code}</code>;
  // The highlighter escapes the source; its output holds nothing but its own spans.
  return <code dangerouslySetInnerHTML={{ __html: html }} />;
}
