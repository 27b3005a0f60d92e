import type { AgentDetail } from "../../contracts/agent.ts";
import { Known, Unknown } from "../Amount.tsx";
import { Fact } from "../Card.tsx";
import {
  formatCount,
  formatDateTime,
  formatDuration,
  formatLatency,
  formatMiB,
  formatTime,
  zoneName,
} from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { STATE_WORDS } from "../words.ts";

const SILENT = "The worker has not reported yet";

/** How the supervisor keeps the agent alive: budget, signs of life, history. */
export function SupervisionTab({ agent }: { agent: AgentDetail }) {
  const { vitals } = agent;
  return (
    <>
      <dl class="facts">
        <Fact name="Restarts">
          <RestartMeter used={agent.restarts} budget={agent.restartBudget} />
        </Fact>
        {agent.retryAt !== null && (
          <Fact name="Next attempt">
            {formatTime(agent.retryAt)} {zoneName()}
          </Fact>
        )}
        <Fact name="Incarnation">{formatCount(agent.epoch)}</Fact>
        <Fact name="Heartbeat">
          <Known text={formatTime(vitals.heartbeatAt)} reason={SILENT} />
        </Fact>
        <Fact name="Mailbox">
          {vitals.mailboxDepth === null
            ? <Unknown reason={SILENT} />
            : `${formatCount(vitals.mailboxDepth)} waiting`}
        </Fact>
        <Fact name="Memory">
          <Known text={formatMiB(vitals.heapMiB)} reason={SILENT} />
        </Fact>
        <Fact name="Candle time p50 / p99">
          <Known text={formatLatency(vitals.candleMsP50)} reason={SILENT} /> /
          {" "}
          <Known text={formatLatency(vitals.candleMsP99)} reason={SILENT} />
        </Fact>
        {STAGES.map(([stage, name]) => {
          const figures = agent.latency[stage];
          return figures === undefined
            ? null
            : (
              <Fact key={stage} name={`${name} p50 / p99`}>
                {formatLatency(figures.p50Ms)} / {formatLatency(figures.p99Ms)}
                {" "}
                <span class="muted">of {formatCount(figures.n)}</span>
              </Fact>
            );
        })}
        <Fact name="Messages">
          {vitals.messagesPerSecond === null
            ? <Unknown reason={SILENT} />
            : `${formatCount(vitals.messagesPerSecond)} a second`}
        </Fact>
      </dl>
      {agent.lastError !== null && (
        <details class="disclosure" open>
          <summary class="tone-danger">Last error</summary>
          <pre class="json" tabIndex={0}>{agent.lastError}</pre>
        </details>
      )}
      <h3>History</h3>
      <History agent={agent} />
    </>
  );
}

/** Stages of a signal, in their order. */
const STAGES = [
  ["decision", "Signal: the source's decision"],
  ["signal", "Signal: source to this agent"],
] as const;

function RestartMeter({ used, budget }: { used: number; budget: number }) {
  if (budget === 0) return <Unknown reason="The agent was never started" />;
  const share = Math.min(1, used / budget);
  return (
    <>
      {used} of {budget} in the current window
      <svg
        class={`bar bar-${
          share >= 1 ? "danger" : share > 0.5 ? "warn" : "normal"
        }`}
        viewBox="0 0 44 6"
        width="44"
        height="6"
        aria-hidden="true"
      >
        <rect class="bar-track" width="44" height="6" rx="2" />
        <rect
          class="bar-fill"
          width={Math.round(share * 44)}
          height="6"
          rx="2"
        />
      </svg>
    </>
  );
}

function History({ agent }: { agent: AgentDetail }) {
  const changes = [...agent.history].reverse();
  if (changes.length === 0) return <p class="muted">Nothing happened yet.</p>;
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="History, scrollable"
    >
      <table class="table" data-testid="lifecycle-table">
        <caption class="sr-only">Changes of state, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time ({zoneName()})</th>
            <th scope="col">State</th>
            <th scope="col">Why</th>
            <th scope="col" class="cell-num">Restarts</th>
            <th scope="col" class="cell-num">Backoff</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={`${change.at}-${change.event}-${change.to}`}>
              <th scope="row" title={formatDateTime(change.at)}>
                {formatTime(change.at)}
              </th>
              <td>
                <span class={`state tone-${STATE_WORDS[change.to].tone}`}>
                  <Glyph name={STATE_WORDS[change.to].glyph} />{" "}
                  {STATE_WORDS[change.to].word}
                </span>
              </td>
              <td class="cell-wrap">{change.cause}</td>
              <td class="cell-num">{change.restarts}/{change.restartBudget}</td>
              <td class="cell-num">
                {change.retryAt === null
                  ? "—"
                  : formatDuration(change.retryAt - change.at)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
