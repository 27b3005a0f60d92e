import type { ComponentChildren } from "preact";
import { AgentRow } from "./AgentRow.tsx";
import type { Commands } from "./commands.ts";
import type { SortKey } from "./sorting.ts";
import type { FleetStore } from "./store.ts";
import type { TableState } from "./table_state.ts";
import { isTeamId } from "./team_rows.ts";
import { TeamRow } from "./TeamRow.tsx";

interface TableParts {
  store: FleetStore;
  table: TableState;
  commands: Commands;
}

/** The dense table of agents; on a phone its rows become cards. */
export function FleetTable({ store, table, commands }: TableParts) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="Agents, scrollable"
    >
      <table class="table fleet-table">
        <caption class="sr-only">
          Agents with state, results and commands
        </caption>
        <FleetHead table={table} />
        <tbody>
          {table.rowIds.map((id) =>
            isTeamId(id)
              ? <TeamRow key={id} id={id} store={store} commands={commands} />
              : (
                <AgentRow
                  key={id}
                  id={id}
                  store={store}
                  table={table}
                  commands={commands}
                />
              )
          )}
        </tbody>
      </table>
    </div>
  );
}

function FleetHead({ table }: { table: TableState }) {
  const ids = table.shownIds;
  const isAll = ids.length > 0 &&
    ids.every((id) => table.selected.value.has(id));
  return (
    <thead>
      <tr>
        <th scope="col" class="cell-check">
          <input
            type="checkbox"
            aria-label="Select all shown agents"
            checked={isAll}
            onChange={() => table.toggleAll()}
          />
        </th>
        <Column table={table} sortKey="state">State</Column>
        <Column table={table} sortKey="name">Agent</Column>
        <Column table={table} sortKey="type" extra="cell-type">Type</Column>
        <Column table={table} sortKey="symbol">Market</Column>
        <Column table={table} sortKey="mode">Mode</Column>
        <Column table={table} sortKey="dayPnl" extra="cell-num">Day P&L</Column>
        <Column table={table} sortKey="drawdown" extra="cell-num">
          Drawdown
        </Column>
        <Column table={table} sortKey="winRate" extra="cell-num cell-minor">
          Win
        </Column>
        <Column table={table} sortKey="trades" extra="cell-num">Trades</Column>
        <Column table={table} sortKey="latency" extra="cell-num cell-minor">
          p99
        </Column>
        <Column table={table} sortKey="equity" extra="cell-num">Equity</Column>
        <th scope="col" class="cell-spark cell-minor">Curve</th>
        <th scope="col" class="cell-actions">Actions</th>
      </tr>
    </thead>
  );
}

function Column(
  { table, sortKey, extra = "", children }: {
    table: TableState;
    sortKey: SortKey;
    extra?: string;
    children: ComponentChildren;
  },
) {
  const { key, descending } = table.sort.value;
  const order = key !== sortKey
    ? "none"
    : descending
    ? "descending"
    : "ascending";
  return (
    <th scope="col" class={extra} aria-sort={order}>
      <button type="button" class="sort" onClick={() => table.sortBy(sortKey)}>
        {children}
        <span class={`sort-mark sort-${order}`} aria-hidden="true" />
      </button>
    </th>
  );
}
