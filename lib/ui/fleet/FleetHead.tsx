import type { ComponentChildren } from "preact";
import { columnOf } from "./columns.ts";
import { fleetHref } from "./fleet_href.ts";
import type { SortKey } from "./sorting.ts";
import type { TableState } from "./table_state.ts";

/** The head of the fleet table. Its links sort without script, too. */
export function FleetHead({ table }: { table: TableState }) {
  const ids = table.shownIds;
  const isAll = ids.length > 0 &&
    ids.every((id) => table.selected.value.has(id));
  return (
    <thead>
      <tr>
        <th scope="col" class="cell-check">
          <input
            type="checkbox"
            aria-label={`Select all ${ids.length} shown agents`}
            checked={isAll}
            data-testid="select-all"
            onChange={() => table.toggleAll()}
          />
        </th>
        <Head table={table} sort="state" css="cell-state">State</Head>
        <Head table={table} sort="name" css="cell-name">Agent</Head>
        {table.columns.value.map((id) => {
          const { label, short, sort, css } = columnOf(id);
          return sort === null
            ? <th key={id} scope="col" class={css}>{short ?? label}</th>
            : (
              <Head key={id} table={table} sort={sort} css={css} title={label}>
                {short ?? label}
              </Head>
            );
        })}
        <th scope="col" class="cell-actions">Actions</th>
      </tr>
    </thead>
  );
}

function Head(
  { table, sort, css, title, children }: {
    table: TableState;
    sort: SortKey;
    css: string;
    title?: string;
    children: ComponentChildren;
  },
) {
  const { key, descending } = table.sort.value;
  const order = key !== sort ? "none" : descending ? "descending" : "ascending";
  const next = { key: sort, descending: key === sort && !descending };
  return (
    <th
      scope="col"
      class={css}
      aria-sort={order}
      {...(title === undefined ? {} : { title })}
    >
      <a
        class="sort"
        href={fleetHref({ filter: table.filterText.value, sort: next })}
        data-testid={`sort-${sort}`}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          table.sortBy(sort);
        }}
      >
        {children}
        <span class={`sort-mark sort-${order}`} aria-hidden="true" />
      </a>
    </th>
  );
}
