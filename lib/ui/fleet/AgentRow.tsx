import { type Signal, useComputed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { OnDemand } from "../OnDemand.tsx";
import { ProblemChips, StateChip, TradingChip } from "../StateChip.tsx";
import { RowActions } from "./ActionButtons.tsx";
import { AgentCells } from "./AgentCells.tsx";
import { cellCount } from "./columns.ts";
import type { Commands } from "./commands.ts";
import type { FleetAgent } from "./fleet_agent.ts";
import type { FleetStore } from "./store.ts";
import type { TableState } from "./table_state.ts";
import { teamFilter } from "./team_rows.ts";

interface RowProps {
  id: string;
  /** Place among all rows, the head's included, from 1. A signal: it is written without painting the row. */
  place: Signal<number>;
  measure: (element: HTMLElement) => () => void;
  store: FleetStore;
  table: TableState;
  commands: Commands;
}

/** One agent of the fleet table, with its card where it is expanded. */
export function AgentRow({ id, place, measure, ...parts }: RowProps) {
  const { store, table, commands } = parts;
  // Computed for this row alone, so that another row's change paints nothing here.
  const isSelected = useComputed(() => table.selected.value.has(id)).value;
  const isExpanded = useComputed(() => table.expanded.value.has(id)).value;
  const isActive = useComputed(() => table.activeId.value === id).value;
  const ref = useRow({ id, measure, table });
  const agent = store.find(id)?.value;
  if (agent === undefined) return null;
  const inert = table.isAlive.value && !isActive ? { tabIndex: -1 } : {};
  return (
    <>
      <tr
        ref={ref}
        class={rowClass(agent, { isSelected, table })}
        tabIndex={isActive ? 0 : -1}
        aria-rowindex={place}
        data-testid={`agent-row-${agent.name}`}
        data-agent-id={id}
        data-row-id={id}
      >
        <td class="cell-check">
          <input
            type="checkbox"
            aria-label={`Select ${agent.name}`}
            checked={isSelected}
            {...inert}
            onClick={(event) => {
              if (!event.shiftKey) return;
              event.preventDefault();
              table.selectRange(id);
            }}
            onChange={() => table.toggleSelected(id)}
          />
        </td>
        <StateCell agent={agent} />
        <NameCell agent={agent} inert={inert} />
        <AgentCells
          agent={agent}
          columns={table.columns.value}
          limits={store.limits.value[id]}
        />
        <td class="cell-actions">
          <div class="row-actions">
            <RowActions agent={agent} commands={commands} inert={inert} />
            <button
              type="button"
              class="btn btn-default btn-small btn-icon"
              aria-expanded={isExpanded ? "true" : "false"}
              aria-label={`Details of ${agent.name}`}
              title={isExpanded ? "Hide details" : "Show details"}
              data-testid="row-expand"
              {...inert}
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
      {isExpanded && <CardRow agent={agent} measure={measure} table={table} />}
    </>
  );
}

function useRow(
  { id, measure, table }: Pick<RowProps, "id" | "measure" | "table">,
) {
  const ref = useRef<HTMLTableRowElement>(null);
  useLayoutEffect(() => {
    const row = ref.current;
    if (row === null) return;
    if (table.wantsFocus === id) {
      table.wantsFocus = null;
      row.focus();
    }
    return measure(row);
  }, []);
  return ref;
}

function CardRow(
  { agent, measure, table }:
    & { agent: FleetAgent }
    & Pick<
      RowProps,
      "measure" | "table"
    >,
) {
  const ref = useRef<HTMLTableRowElement>(null);
  useLayoutEffect(
    () => ref.current === null ? undefined : measure(ref.current),
    [],
  );
  return (
    <tr class="row-card" ref={ref} data-row-id={agent.id}>
      <td colSpan={cellCount(table.columns.value)}>
        <OnDemand
          wanted
          load={async () => (await import("./AgentCard.tsx")).AgentCard}
          props={{ agent, history: table.histories.value[agent.id] ?? null }}
          onFailed={() => table.toggleExpanded(agent.id)}
          meanwhile={<p class="muted">Loading…</p>}
        />
      </td>
    </tr>
  );
}

function StateCell({ agent }: { agent: FleetAgent }) {
  const { restarts, restartBudget, observed } = agent;
  // Where the state does not say it itself.
  const isToldApart = restarts > 0 && observed !== "backing_off" &&
    observed !== "quarantined";
  return (
    <td class="cell-state">
      <StateChip agent={agent} />
      {isToldApart && (
        <span
          class="restarts"
          title={`Restarted ${restarts} of ${restartBudget} times that are allowed`}
          data-testid="agent-restarts"
        >
          ↻ {restarts}/{restartBudget}
        </span>
      )}
      <TradingChip account={agent.account} />
      <ProblemChips agent={agent} />
    </td>
  );
}

function NameCell(
  { agent, inert }: { agent: FleetAgent; inert: { tabIndex?: number } },
) {
  return (
    <th scope="row" class="cell-name">
      <a href={`/agents/${agent.id}`} title={agent.name} {...inert}>
        {agent.name}
      </a>
      {agent.team !== undefined && (
        <a
          class="team-chip"
          href={`/?q=${encodeURIComponent(teamFilter(agent.team.name))}`}
          title={`${agent.team.role} of the team ${agent.team.name}`}
          data-testid="team-chip"
          {...inert}
        >
          {agent.team.name}
        </a>
      )}
    </th>
  );
}

function rowClass(
  { team, desired }: FleetAgent,
  { isSelected, table }: { isSelected: boolean; table: TableState },
): string {
  const isBeneath = team !== undefined && desired !== "retired" &&
    table.isGrouped.value;
  return `${isSelected ? "row-selected" : ""}${isBeneath ? " row-mate" : ""}`
    .trim();
}
