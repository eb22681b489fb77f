/** Whether what is on the page follows the events as they come. */
import { Tooltip } from "@mantine/core";
import { useLiveState } from "../live/LiveProvider";

const WORDS = {
  connecting: { label: "Connecting", hint: "Opening the stream of changes" },
  live: { label: "Live", hint: "Pages change by themselves when their entities change" },
  offline: { label: "Reconnecting", hint: "The stream of changes is interrupted; what you see may be old" },
};

export function LiveIndicator() {
  const state = useLiveState();
  return (
    <Tooltip label={WORDS[state].hint} position="right" multiline w={220}>
      <div className="live" data-state={state} role="status">
        <span className="live-dot" aria-hidden />
        <span className="live-label">{WORDS[state].label}</span>
      </div>
    </Tooltip>
  );
}
