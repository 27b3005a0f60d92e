import type { ReadonlySignal } from "@preact/signals";
import type { AgentDetail } from "../../contracts/agent.ts";
import { Known, Unknown } from "../Amount.tsx";
import { Fact } from "../Card.tsx";
import { ActionButton } from "../fleet/ActionButtons.tsx";
import type { Commands } from "../fleet/commands.ts";
import {
  formatCount,
  formatDateTime,
  formatDuration,
  formatLatency,
  formatMiB,
  formatTime,
  plural,
  zoneName,
} from "../format.ts";
import { roleNeeded } from "../../contracts/policy.ts";
import { LifeTable } from "./LifeTable.tsx";
import type { VitalsPoint } from "./vitals_trace.ts";
import { VitalsLine } from "./VitalsLine.tsx";

const SILENT = "The worker has not reported yet";

/** How the supervisor keeps the agent alive: budget, signs of life, history, and the way to end it at once. */
export function SupervisionTab(
  { agent, trace, commands }: {
    agent: AgentDetail;
    /** Signs of life since the page was opened. */
    trace: ReadonlySignal<readonly VitalsPoint[]>;
    commands: Commands;
  },
) {
  const { vitals, supervision } = agent;
  return (
    <div class="tab-stack" data-testid="supervision-panel">
      <dl class="facts">
        <Fact name="Restarts">
          <RestartMeter agent={agent} />
        </Fact>
        {agent.retryAt !== null && (
          <Fact name="Next attempt">
            {formatTime(agent.retryAt)} {zoneName()}
          </Fact>
        )}
        <Fact name="Incarnation">{formatCount(agent.epoch)}</Fact>
        <Fact name="Heartbeat">
          {vitals.heartbeatAt === null ? <Unknown reason={SILENT} /> : (
            <span
              title={`${formatDateTime(vitals.heartbeatAt)} ${zoneName()}`}
            >
              {formatTime(vitals.heartbeatAt)} {zoneName()}
            </span>
          )} <VitalsLine points={trace.value} of="gapMs" />
        </Fact>
        <Fact name="Mailbox">
          {vitals.mailboxDepth === null ? <Unknown reason={SILENT} /> : (
            `${formatCount(vitals.mailboxDepth)} waiting · lane ${
              formatCount(supervision.mailboxMax)
            }`
          )} <VitalsLine points={trace.value} of="mailboxDepth" />
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
        <details class="disclosure" open data-testid="last-error">
          <summary class="tone-danger">Last error</summary>
          <pre class="json" tabIndex={0}>{agent.lastError}</pre>
        </details>
      )}
      <h3>Events</h3>
      <LifeTable agent={agent} />
      <Kill agent={agent} commands={commands} />
    </div>
  );
}

/** Stages of a signal, in their order. */
const STAGES = [
  ["decision", "Signal: the source's decision"],
  ["signal", "Signal: source to this agent"],
] as const;

function RestartMeter({ agent }: { agent: AgentDetail }) {
  const { restarts: used, restartBudget: budget, supervision } = agent;
  if (budget === 0) return <Unknown reason="The agent was never started" />;
  const share = Math.min(1, used / budget);
  const tone = share >= 1 ? "danger" : share > 0.5 ? "warn" : "normal";
  return (
    <span
      data-testid="restart-meter"
      title={`One more than ${
        plural(budget, "restart")
      } within the window, and the agent stays down until somebody starts it`}
    >
      {used} of {budget} in {formatDuration(supervision.restartWindowMs)}{" "}
      <svg
        class={`bar bar-${tone}`}
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
    </span>
  );
}

function Kill({ agent, commands }: { agent: AgentDetail; commands: Commands }) {
  return (
    <section class="kill" aria-label="Kill">
      <h3>Kill</h3>
      <p class="muted">
        For an agent that does not stop by itself: its worker is ended at once,
        and the desk refuses what it still sends, withdraws its orders, and
        closes or keeps the position, as you choose. Needs role{" "}
        {roleNeeded("agents.kill")}; the reason is kept in the audit trail.
      </p>
      <ActionButton
        agent={agent}
        action="kill"
        commands={commands}
        withLabel
      />
    </section>
  );
}
