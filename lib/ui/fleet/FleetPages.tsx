import { fleetHref } from "./fleet_href.ts";
import type { TableState } from "./table_state.ts";
import { PAGE_ROWS } from "./use_virtual_rows.ts";

/** Links to the pages of a long table, for a browser without script. */
export function FleetPages(
  { table, page, rows }: { table: TableState; page: number; rows: number },
) {
  const last = Math.ceil(rows / PAGE_ROWS);
  const href = (to: number) =>
    fleetHref({
      filter: table.filterText.value,
      sort: table.sort.value,
      page: to,
    });
  return (
    <nav class="fleet-pages" aria-label="Pages of the table">
      {page > 1 && <a href={href(page - 1)} rel="prev">Previous</a>}
      <span>
        Rows {(page - 1) * PAGE_ROWS + 1} to {Math.min(rows, page * PAGE_ROWS)}
        {" "}
        of {rows}
      </span>
      {page < last && <a href={href(page + 1)} rel="next">Next</a>}
    </nav>
  );
}
