import type { JSX } from "preact";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { Gain, Known, Money, Unknown } from "../Amount.tsx";
import { AgentModeBadge } from "../Badge.tsx";
import { DrawdownBar } from "../DrawdownBar.tsx";
import {
  dayPercent,
  formatCount,
  formatLatency,
  formatPercent,
  quoteOf,
} from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { Sparkline } from "../Sparkline.tsx";
import { type ColumnId, columnOf } from "./columns.ts";
import type { FleetAgent } from "./fleet_agent.ts";
import type { AgentLimits } from "./store.ts";

const NO_ACCOUNT = "The agent's account is not known yet";

interface CellSource {
  agent: FleetAgent;
  limits: AgentLimits | undefined;
}

/** The cells of a row that a person can choose, in their order. */
export function AgentCells(
  { columns, ...source }: CellSource & { columns: readonly ColumnId[] },
) {
  return (
    <>
      {columns.map((id) => {
        const { css, label } = columnOf(id);
        return (
          <td
            key={id}
            class={css}
            data-label={label}
            {...(id === "trades" || id === "equity"
              ? { "data-testid": `agent-${id}` }
              : {})}
          >
            {CELLS[id](source)}
          </td>
        );
      })}
    </>
  );
}

const CELLS: Readonly<
  Record<ColumnId, (source: CellSource) => JSX.Element | string>
> = {
  type: ({ agent }) => AGENT_TYPE_WORDS[agent.type].short,
  market: ({ agent }) => (
    <>
      {agent.symbol} <span class="muted">{agent.timeframe}</span>
    </>
  ),
  mode: ({ agent }) => <AgentModeBadge agent={agent} />,
  dayPnl: ({ agent: { account } }) => (
    <Gain
      value={account?.dayPnl ?? null}
      percent={dayPercent(account?.dayPnl ?? null, account?.equity ?? null)}
      reason={NO_ACCOUNT}
    />
  ),
  drawdown: ({ agent: { account }, limits }) => (
    <DrawdownBar
      drawdownPct={account?.drawdownPct ?? null}
      limitPct={limits?.maxDrawdownPct ?? null}
    />
  ),
  winRate: ({ agent }) => (
    <Known
      text={formatPercent(agent.winRatePct, { digits: 0 })}
      reason="No closed trade yet"
    />
  ),
  trades: ({ agent: { account } }) =>
    account === null
      ? <Unknown reason={NO_ACCOUNT} />
      : formatCount(account.trades),
  latency: ({ agent }) => <Latency agent={agent} />,
  mailbox: ({ agent: { vitals: { mailboxDepth } } }) =>
    mailboxDepth === null
      ? <Unknown reason="The worker has not reported yet" />
      : formatCount(mailboxDepth),
  equity: ({ agent }) => (
    <Money
      bare
      value={agent.account?.equity ?? null}
      unit={quoteOf(agent.symbol)}
      reason={NO_ACCOUNT}
    />
  ),
  curve: ({ agent }) => (
    <Sparkline points={agent.equity} unit={quoteOf(agent.symbol)} />
  ),
  host: ({ agent: { host, hostProblem } }) =>
    host ?? <Unknown reason={hostProblem ?? "There is only this process"} />,
};

function Latency({ agent }: { agent: FleetAgent }) {
  const { candleMsP99 } = agent.vitals;
  const target = AGENT_TYPE_WORDS[agent.type].latencyTargetMs;
  const isSlow = candleMsP99 !== null && candleMsP99 > target;
  return (
    <span
      class={isSlow ? "tone-warn" : ""}
      title={`Compute time of a candle, p99; the target of this type is ${
        formatLatency(target)
      }`}
    >
      {isSlow && <Glyph name="warn" />}{" "}
      <Known
        text={formatLatency(candleMsP99)}
        reason="No latency reported yet"
      />
    </span>
  );
}
