import type { AgentView } from "../../contracts/agent.ts";
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
import { ProblemChips, StateChip, TradingChip } from "../StateChip.tsx";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { RowActions } from "./ActionButtons.tsx";
import { AgentCard } from "./AgentCard.tsx";
import type { Commands } from "./commands.ts";
import type { FleetStore } from "./store.ts";
import { COLUMN_COUNT, type TableState } from "./table_state.ts";
import { teamFilter } from "./team_rows.ts";

const NO_ACCOUNT = "The agent's account is not known yet";

/** One agent of the fleet table, with its card where it is expanded. */
export function AgentRow(
  { id, store, table, commands }: {
    id: string;
    store: FleetStore;
    table: TableState;
    commands: Commands;
  },
) {
  const agent = store.find(id)?.value;
  if (agent === undefined) return null;
  const isSelected = table.selected.value.has(id);
  const isExpanded = table.expanded.value.has(id);
  return (
    <>
      <tr
        class={rowClass(agent, { isSelected, table })}
        data-testid={`agent-row-${agent.name}`}
        data-agent-id={id}
      >
        <td class="cell-check">
          <input
            type="checkbox"
            aria-label={`Select ${agent.name}`}
            checked={isSelected}
            onChange={() => table.toggleSelected(id)}
          />
        </td>
        <td class="cell-state">
          <StateChip agent={agent} />
          <TradingChip account={agent.account} />
          <ProblemChips agent={agent} />
        </td>
        <th scope="row" class="cell-name">
          <a href={`/agents/${id}`}>{agent.name}</a>
          {agent.team !== undefined && (
            <a
              class="team-chip"
              href={`/?q=${encodeURIComponent(teamFilter(agent.team.name))}`}
              title={`${agent.team.role} of the team ${agent.team.name}`}
              data-testid="team-chip"
            >
              {agent.team.name}
            </a>
          )}
        </th>
        <AgentFigures agent={agent} store={store} />
        <td class="cell-actions">
          <div class="row-actions">
            <RowActions agent={agent} commands={commands} />
            <button
              type="button"
              class="btn btn-default btn-small btn-icon"
              aria-expanded={isExpanded ? "true" : "false"}
              aria-label={`Details of ${agent.name}`}
              title={isExpanded ? "Hide details" : "Show details"}
              data-testid="row-expand"
              onClick={() => table.toggleExpanded(id)}
            >
              <span
                class={isExpanded ? "chevron chevron-up" : "chevron"}
                aria-hidden="true"
              />
            </button>
          </div>
        </td>
      </tr>
      {isExpanded && (
        <tr class="row-card">
          <td colSpan={COLUMN_COUNT}>
            <AgentCard
              agent={agent}
              history={table.histories.value[id] ?? null}
            />
          </td>
        </tr>
      )}
    </>
  );
}

function rowClass(
  { team, desired }: AgentView,
  { isSelected, table }: { isSelected: boolean; table: TableState },
): string {
  const isBeneath = team !== undefined && desired !== "retired" &&
    table.isGrouped.value;
  return `${isSelected ? "row-selected" : ""}${isBeneath ? " row-mate" : ""}`
    .trim();
}

function AgentFigures(
  { agent, store }: { agent: AgentView; store: FleetStore },
) {
  const unit = quoteOf(agent.symbol);
  const { account, vitals } = agent;
  const target = AGENT_TYPE_WORDS[agent.type].latencyTargetMs;
  const isSlow = vitals.candleMsP99 !== null && vitals.candleMsP99 > target;
  return (
    <>
      <td class="cell-type" data-label="Type">
        {AGENT_TYPE_WORDS[agent.type].short}
      </td>
      <td class="cell-market" data-label="Market">
        {agent.symbol} <span class="muted">{agent.timeframe}</span>
      </td>
      <td class="cell-mode">
        <AgentModeBadge agent={agent} />
      </td>
      <td class="cell-num" data-label="Day P&L">
        <Gain
          value={account?.dayPnl ?? null}
          percent={dayPercent(account?.dayPnl ?? null, account?.equity ?? null)}
          reason={NO_ACCOUNT}
        />
      </td>
      <td class="cell-num" data-label="Drawdown">
        <DrawdownBar
          drawdownPct={account?.drawdownPct ?? null}
          limitPct={store.limits.value[agent.id]?.maxDrawdownPct ?? null}
        />
      </td>
      <td class="cell-num cell-minor" data-label="Win rate">
        <Known
          text={formatPercent(agent.winRatePct, { digits: 0 })}
          reason="No closed trade yet"
        />
      </td>
      <td class="cell-num" data-label="Trades" data-testid="agent-trades">
        {account === null
          ? <Unknown reason={NO_ACCOUNT} />
          : formatCount(account.trades)}
      </td>
      <td
        class={`cell-num cell-minor${isSlow ? " tone-warn" : ""}`}
        data-label="p99"
        title={`Compute time of a candle, p99; the target of this type is ${
          formatLatency(target)
        }`}
      >
        {isSlow && <Glyph name="warn" />}{" "}
        <Known
          text={formatLatency(vitals.candleMsP99)}
          reason="No latency reported yet"
        />
      </td>
      <td class="cell-num" data-label="Equity" data-testid="agent-equity">
        <Money
          bare
          value={account?.equity ?? null}
          unit={unit}
          reason={NO_ACCOUNT}
        />
      </td>
      <td class="cell-spark cell-minor">
        <Sparkline points={agent.equity} unit={unit} />
      </td>
    </>
  );
}
