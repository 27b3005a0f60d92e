import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { AgentRow } from "./AgentRow.tsx";
import { cellCount } from "./columns.ts";
import { FleetHead } from "./FleetHead.tsx";
import type { Commands } from "./commands.ts";
import { FleetPages } from "./FleetPages.tsx";
import type { FleetStore } from "./store.ts";
import { onTableKey } from "./table_keys.ts";
import type { TableState } from "./table_state.ts";
import { isTeamId } from "./team_rows.ts";
import { TeamRow } from "./TeamRow.tsx";
import {
  type DrawnRow,
  PAGE_ROWS,
  useVirtualRows,
  VIRTUAL_ABOVE,
} from "./use_virtual_rows.ts";

/** What the table works on. */
export interface TableParts {
  store: FleetStore;
  table: TableState;
  commands: Commands;
}

/** The dense table of agents; on a phone its rows become cards, and of many rows those in sight are drawn. */
export function FleetTable(
  { page, ...parts }: TableParts & {
    /** Page of a long table that the server paints, from 1. */
    page: number;
  },
) {
  const { table } = parts;
  const scroller = useRef<HTMLDivElement>(null);
  const ids = table.rowIds;
  const isLong = ids.length > VIRTUAL_ABOVE;
  const plain = isLong
    ? ids.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS)
    : ids;
  const { view, measure, scrollTo } = useVirtualRows({
    scroller,
    ids,
    painted: plain,
    keep: table.active.value,
  });
  const isLive = useSignal(false);
  useEffect(() => {
    isLive.value = true;
  }, []);
  const isWide = useIsWide(scroller);
  const rows = view?.rows ??
    plain.map((id, index) => ({ id, index, gapPx: 0 }));
  const cells = cellCount(table.columns.value);
  return (
    <>
      <div
        class={`table-scroll fleet-scroll${isLong ? " fleet-long" : ""}${
          isWide ? " fleet-wide" : ""
        }`}
        data-live={isLive.value ? "true" : "false"}
        ref={scroller}
        role="region"
        aria-label="Agents, scrollable"
        tabIndex={ids.length === 0 || !isLive.value ? 0 : -1}
        data-testid="fleet-scroll"
        onKeyDown={(event) => onTableKey(event, { ...parts, scrollTo })}
        onFocusIn={(event) => rememberRow(event, table)}
      >
        <table
          class="table fleet-table"
          aria-rowcount={ids.length + 1}
          data-testid="fleet-table"
        >
          <caption class="sr-only">
            Agents with state, results and commands
          </caption>
          <FleetHead table={table} />
          <tbody>
            {rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                cells={cells}
                measure={measure}
                {...parts}
              />
            ))}
            {view !== null && view.endPx > 0 && (
              <Space key="end" px={view.endPx} cells={cells} />
            )}
          </tbody>
        </table>
      </div>
      {isLong && view === null && (
        <FleetPages table={table} page={page} rows={ids.length} />
      )}
    </>
  );
}

function rememberRow(event: FocusEvent, table: TableState): void {
  const row = event.target instanceof HTMLElement
    ? event.target.closest<HTMLElement>("tr[data-agent-id]")
    : null;
  const id = row?.dataset["agentId"];
  if (id === undefined) return;
  table.isAlive.value = true;
  table.active.value = id;
}

/** Whether the table is wider than what is seen of it: only then name and commands have to stay, which costs layers. */
function useIsWide(scroller: RefObject<HTMLDivElement>): boolean {
  const isWide = useSignal(false);
  useEffect(() => {
    const region = scroller.current;
    const table = region?.querySelector("table");
    if (region === null || !table) return;
    const observer = new ResizeObserver(() => {
      isWide.value = region.scrollWidth > region.clientWidth;
    });
    observer.observe(region);
    observer.observe(table);
    return () => observer.disconnect();
  }, []);
  return isWide.value;
}

interface RowProps extends TableParts {
  row: DrawnRow;
  cells: number;
  measure: (element: HTMLElement) => () => void;
}

function Row({ row, cells, measure, ...parts }: RowProps) {
  const { id, index, gapPx } = row;
  const { store, table, commands } = parts;
  const place = useSignal(index + ROWS_OF_HEAD + 1);
  place.value = index + ROWS_OF_HEAD + 1;
  // The same element again: a list that has moved paints no row anew.
  const drawn = useMemo(
    () =>
      isTeamId(id)
        ? (
          <TeamRow
            id={id}
            cells={cells}
            place={place}
            measure={measure}
            store={store}
            commands={commands}
          />
        )
        : (
          <AgentRow
            id={id}
            place={place}
            measure={measure}
            store={store}
            table={table}
            commands={commands}
          />
        ),
    [id, cells],
  );
  return (
    <>
      {gapPx > 0 && <Space px={gapPx} cells={cells} />}
      {drawn}
    </>
  );
}

const ROWS_OF_HEAD = 1;

/** Stands for rows that are not drawn. Its height goes through CSSOM, which the page's policy allows. */
function Space({ px, cells }: { px: number; cells: number }) {
  const ref = useRef<HTMLTableRowElement>(null);
  useLayoutEffect(() => {
    ref.current?.style.setProperty("height", `${px}px`);
  }, [px]);
  return (
    <tr class="row-space" ref={ref} aria-hidden="true">
      <td colSpan={cells} />
    </tr>
  );
}
