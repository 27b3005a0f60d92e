import type { AgentDetail } from "../../contracts/agent.ts";
import type { ObservedState } from "../../contracts/lifecycle.ts";
import {
  formatDateTime,
  formatDuration,
  formatTime,
  zoneName,
} from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { STATE_WORDS } from "../words.ts";

const BOXES: readonly ObservedState[] = [
  "starting",
  "running",
  "paused",
  "stopping",
  "stopped",
  "quarantined",
];
const STANDS_FOR: Readonly<Partial<Record<ObservedState, ObservedState>>> = {
  reconciling: "starting",
  degraded: "running",
};

/** The life of an agent as boxes: where it is, and when it was last in each state. */
export function StateTimeline({ agent }: { agent: AgentDetail }) {
  const current = STANDS_FOR[agent.observed] ?? agent.observed;
  const boxes = BOXES.includes(current) ? BOXES : [...BOXES, current];
  return (
    <ol
      class="timeline"
      // On a phone it scrolls, also by keys.
      tabIndex={0}
      aria-label="Life of the agent"
      data-testid="state-timeline"
    >
      {boxes.map((state) => {
        const isCurrent = state === current;
        const shown = isCurrent ? agent.observed : state;
        const word = STATE_WORDS[shown];
        const at = isCurrent ? agent.observedSince : lastEntered(agent, state);
        return (
          <li
            key={state}
            class={isCurrent
              ? `timeline-box timeline-now tone-${word.tone}`
              : at === null
              ? "timeline-box timeline-never"
              : "timeline-box"}
            aria-current={isCurrent ? "step" : undefined}
            title={at === null
              ? `${word.word}: not since the oldest known event`
              : `${word.word} since ${
                formatDateTime(at)
              } ${zoneName()}. ${word.meaning}`}
          >
            <span class="timeline-word">
              <Glyph
                name={isCurrent ? word.glyph : at === null ? "ring" : "check"}
              />{" "}
              {word.word}
            </span>
            <time class="timeline-time">{formatTime(at)}</time>
            {isCurrent && (
              <span class="timeline-time">
                for {formatDuration(
                  Math.max(0, agent.updatedAt - agent.observedSince),
                )}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function lastEntered(agent: AgentDetail, state: ObservedState): number | null {
  return agent.history.findLast(({ to }) => (STANDS_FOR[to] ?? to) === state)
    ?.at ?? null;
}
