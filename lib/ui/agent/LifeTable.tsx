import type { AgentDetail } from "../../contracts/agent.ts";
import type {
  LifecycleChanged,
  LifecycleEvent,
} from "../../contracts/lifecycle.ts";
import { Unknown } from "../Amount.tsx";
import { EmptyState } from "../Feedback.tsx";
import {
  formatDateTime,
  formatDay,
  formatDuration,
  formatTime,
  UNKNOWN,
  zoneName,
} from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { STATE_WORDS } from "../words.ts";

const EVENT_WORDS: Readonly<Record<LifecycleEvent, string>> = {
  start_requested: "Start asked for",
  started: "Started",
  reconciled: "Reconciled",
  pause_requested: "Pause asked for",
  resume_requested: "Resume asked for",
  degraded_detected: "Degraded",
  recovered: "Recovered",
  dependency_lost: "Lost what it needs",
  stop_requested: "Stop asked for",
  stopped: "Stopped",
  recycled: "Worker renewed",
  failed: "Failed",
  budget_exhausted: "Failed too often",
  kill_requested: "Kill asked for",
};

/** Longest reason that stands in the table; a longer one, such as a stack, opens. */
const REASON_CHARACTERS = 140;

/** What happened to an agent, newest first: why, which attempt, how long it waits, and how long the state lasted. */
export function LifeTable({ agent }: { agent: AgentDetail }) {
  const changes = agent.history.map((change, place) => ({
    change,
    next: agent.history[place + 1] ?? null,
  })).reverse();
  if (changes.length === 0) return <EmptyState title="Nothing happened yet" />;
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="Events, scrollable"
    >
      <table class="table" data-testid="lifecycle-table">
        <caption class="sr-only">Changes of state, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time ({zoneName()})</th>
            <th scope="col">Event</th>
            <th scope="col">Reason</th>
            <th scope="col" class="cell-num">Attempt</th>
            <th scope="col" class="cell-num">Backoff</th>
            <th scope="col" class="cell-num">Lasted</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ change, next }) => (
            <LifeRow
              key={`${change.at}-${change.event}-${change.to}`}
              change={change}
              next={next}
              now={agent.updatedAt}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LifeRow(
  { change, next, now }: {
    change: LifecycleChanged;
    next: LifecycleChanged | null;
    now: number;
  },
) {
  const { word, glyph, tone } = STATE_WORDS[change.to];
  return (
    <tr>
      <th scope="row" title={formatDateTime(change.at)}>
        {formatDay(change.at) === formatDay(now)
          ? ""
          : `${formatDay(change.at).slice(5)} `}
        {formatTime(change.at)}
      </th>
      <td>
        {EVENT_WORDS[change.event]}
        <span class={`state tone-${tone} life-state`}>
          <Glyph name={glyph} /> {word}
        </span>
      </td>
      <td class="cell-wrap">
        <Reason text={change.cause} />
      </td>
      <td class="cell-num">{change.restarts}/{change.restartBudget}</td>
      <td class="cell-num">
        {change.retryAt === null
          ? UNKNOWN_BACKOFF
          : formatDuration(change.retryAt - change.at)}
      </td>
      <td class="cell-num">
        {next === null
          ? <Unknown reason="It is in this state now" />
          : formatDuration(next.at - change.at)}
      </td>
    </tr>
  );
}

const UNKNOWN_BACKOFF = (
  <span title="No further attempt was planned">{UNKNOWN}</span>
);

function Reason({ text }: { text: string }) {
  const [first = "", ...rest] = text.split("\n");
  if (rest.length === 0 && text.length <= REASON_CHARACTERS) return <>{text}</>;
  return (
    <details class="disclosure">
      <summary>{first.slice(0, REASON_CHARACTERS)}</summary>
      <pre class="json" tabIndex={0}>{text}</pre>
    </details>
  );
}
