import { Gain, Known, Money, Unknown } from "../Amount.tsx";
import {
  dayPercent,
  formatLatency,
  formatPercent,
  plural,
  UNKNOWN,
} from "../format.ts";
import { ModeBadge } from "../Badge.tsx";
import { Glyph } from "../Glyph.tsx";
import {
  countStates,
  type CurrencyTotal,
  slowestP99,
  totalsByCurrency,
  worstDrawdown,
} from "./kpis.ts";
import type { FleetAgent } from "./fleet_agent.ts";
import type { FleetStore } from "./store.ts";
import { Kpi } from "../Kpi.tsx";

const NO_ACCOUNT = "No agent has reported an account yet";

/** The figures of the whole fleet. */
export function KpiStrip({ store }: { store: FleetStore }) {
  const agents = store.allForFigures();
  const limits = store.limits.value;
  const totals = totalsByCurrency(agents);
  const worst = worstDrawdown(
    agents,
    (id) => limits[id]?.maxDrawdownPct ?? null,
  );
  const slowest = slowestP99(agents);
  const hasLive = totals.some(({ mode }) => mode === "live");
  return (
    <section class="kpis" aria-label="Fleet figures" data-testid="kpis">
      <Kpi name="Equity" sub={knownNote(totals)}>
        {totals.length === 0 && <Unknown reason={NO_ACCOUNT} />}
        {totals.map((total) => (
          <span class="kpi-line" key={`${total.mode} ${total.unit}`}>
            {hasLive && <ModeBadge mode={total.mode} />}
            <Money value={total.equity} unit={total.unit} reason={NO_ACCOUNT} />
          </span>
        ))}
      </Kpi>
      <Kpi
        name="Day P&L"
        sub={totals.length === 1 ? dayNote(totals[0]) : "today (market time)"}
      >
        {totals.length === 0 && <Unknown reason={NO_ACCOUNT} />}
        {totals.map((total) => (
          <span class="kpi-line" key={`${total.mode} ${total.unit}`}>
            {hasLive && <ModeBadge mode={total.mode} />}
            <Gain value={total.dayPnl} unit={total.unit} reason={NO_ACCOUNT} />
          </span>
        ))}
      </Kpi>
      <Kpi
        name="Worst drawdown"
        sub={worst === null
          ? "nearest to its limit"
          : `${worst.name}, limit ${
            formatPercent(worst.limitPct, { digits: 0, maxDigits: 1 })
          }`}
      >
        {worst === null
          ? <Unknown reason={NO_ACCOUNT} />
          : formatPercent(worst.drawdownPct === 0 ? 0 : -worst.drawdownPct)}
      </Kpi>
      <TradingKpi agents={agents} />
      <AgentsKpi agents={agents} />
      <Kpi
        name="Candle p99"
        sub={slowest === null ? "slowest agent" : `slowest: ${slowest.name}`}
      >
        <Known
          text={slowest === null ? UNKNOWN : formatLatency(slowest.ms)}
          reason="No agent has reported its latency yet"
        />
      </Kpi>
    </section>
  );
}

function TradingKpi({ agents }: { agents: readonly FleetAgent[] }) {
  const { restricted } = countStates(agents);
  const known = agents.filter(({ account }) => account !== null).length;
  if (known === 0) {
    return (
      <Kpi name="Trading" sub="state of the order desk">
        <Unknown reason={NO_ACCOUNT} />
      </Kpi>
    );
  }
  return (
    <Kpi
      name="Trading"
      sub={restricted === 0
        ? "no limit is reached"
        : `${plural(restricted, "agent")} may open nothing new`}
    >
      <span class={restricted === 0 ? "state tone-ok" : "state tone-danger"}>
        <Glyph name={restricted === 0 ? "dot" : "warn"} />
        {restricted === 0
          ? "Active"
          : restricted === known
          ? "Restricted"
          : "Partly active"}
      </span>
    </Kpi>
  );
}

function AgentsKpi({ agents }: { agents: readonly FleetAgent[] }) {
  const counts = countStates(agents);
  const parts = ([
    [counts.running, "running"],
    [counts.paused, "paused"],
    [counts.restarting, "restarting"],
    [counts.faulted, "faulted"],
    [counts.stopped, "stopped"],
  ] as const).filter(([count]) => count > 0).map(([count, word]) =>
    `${count} ${word}`
  );
  return (
    <Kpi
      name="Agents"
      sub={counts.total === 0
        ? "none spawned yet"
        : parts.join(" · ") || "on their way"}
    >
      {counts.total}
    </Kpi>
  );
}

function knownNote(totals: readonly CurrencyTotal[]): string {
  const known = totals.reduce((sum, total) => sum + total.known, 0);
  const agents = totals.reduce((sum, total) => sum + total.agents, 0);
  const kind = totals.every(({ mode }) => mode === "paper")
    ? "simulated"
    : totals.every(({ mode }) => mode === "live")
    ? "live"
    : "live and simulated apart";
  return agents === 0 || known === agents
    ? kind
    : `${kind} · ${known} of ${plural(agents, "agent")} known`;
}

function dayNote(total: CurrencyTotal | undefined): string {
  const percent = total === undefined
    ? null
    : dayPercent(total.dayPnl, total.equity);
  return percent === null
    ? "today (market time)"
    : `${
      formatPercent(percent, { digits: 2, signed: true })
    } today (market time)`;
}
