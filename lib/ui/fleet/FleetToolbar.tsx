import { REFRESH_SECONDS } from "../../contracts/preference_values.ts";
import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { Button } from "../Button.tsx";
import { SimulatedBadge } from "../Badge.tsx";
import { Glyph } from "../Glyph.tsx";
import { ColumnsMenu } from "./ColumnsMenu.tsx";
import { fleetHref } from "./fleet_href.ts";
import { countStates, STATE_PILLS } from "./kpis.ts";
import { parseFilter, withQualifier } from "./filter.ts";
import type { FleetStore } from "./store.ts";
import type { TableState } from "./table_state.ts";
import { ViewsMenu } from "./ViewsMenu.tsx";

/** Filter, refresh and the button that spawns. */
export function FleetToolbar(
  { store, table, refreshSeconds, onRefresh, onSpawn, spawnRef, spawnRefusal }:
    {
      store: FleetStore;
      table: TableState;
      refreshSeconds: Signal<number>;
      onRefresh: () => void;
      onSpawn: () => void;
      spawnRef: RefObject<HTMLButtonElement>;
      spawnRefusal: string | null;
    },
) {
  return (
    <div class="toolbar">
      <h2 class="toolbar-title">
        Agents <span class="count">{store.ids.value.length}</span>
        {store.allForFigures().every(({ simulated }) => simulated) && (
          <SimulatedBadge
            source={store.ids.value.length > 0 &&
                store.allForFigures().every(({ livePrices }) => livePrices)
              ? "live"
              : "simulated"}
          />
        )}
      </h2>
      <StatePills store={store} table={table} />
      {store.allForFigures().some(({ team }) => team !== undefined) && (
        <button
          type="button"
          class="pill"
          aria-pressed={table.isGrouped.value ? "true" : "false"}
          data-testid="group-teams"
          onClick={() => table.isGrouped.value = !table.isGrouped.value}
        >
          By team
        </button>
      )}
      <FilterField table={table} />
      <ViewsMenu table={table} />
      <ColumnsMenu table={table} />
      <label
        class="toolbar-refresh"
        title="The stream updates the page by itself; this asks for everything in addition"
      >
        <span class="sr-only">Auto-refresh</span>
        <select
          class="select"
          value={String(refreshSeconds.value)}
          data-testid="refresh-interval"
          onChange={(event) =>
            refreshSeconds.value = Number(event.currentTarget.value)}
        >
          {REFRESH_SECONDS.map((seconds) => (
            <option key={seconds} value={String(seconds)}>
              {seconds === 0 ? "Live stream" : `Live + every ${seconds} s`}
            </option>
          ))}
        </select>
      </label>
      <Button
        class="btn-icon"
        aria-label="Refresh now"
        hint="Refresh now"
        onClick={onRefresh}
      >
        <Glyph name="restart" />
      </Button>
      {/* Without script it is a form's button that leads to the page of the same. */}
      <form action="/spawn" class="contents">
        <Button
          kind="primary"
          type="submit"
          buttonRef={spawnRef}
          disabledReason={spawnRefusal}
          data-testid="spawn-open"
          onClick={(event) => {
            event.preventDefault();
            onSpawn();
          }}
        >
          <span aria-hidden="true">+</span> Spawn agent
        </Button>
      </form>
    </div>
  );
}

function FilterField({ table }: { table: TableState }) {
  const { unknown } = table.filter.value;
  const sort = new URLSearchParams(
    fleetHref({ filter: "", sort: table.sort.value }).slice(2),
  ).get("sort");
  return (
    <form
      class="toolbar-filter"
      method="get"
      action="/"
      role="search"
      onSubmit={(event) => event.preventDefault()}
    >
      <input
        class="input"
        type="search"
        name="q"
        value={table.filterText.value}
        placeholder="state:running symbol:BTC …"
        aria-label="Filter agents by words or state:, mode:, symbol:, type:, timeframe:, team:, owner:"
        autocomplete="off"
        data-testid="fleet-filter"
        onInput={(event) => table.filterText.value = event.currentTarget.value}
      />
      {sort !== null && <input type="hidden" name="sort" value={sort} />}
      <button type="submit" class="btn btn-default toolbar-plain">
        Filter
      </button>
      {unknown.length > 0 && (
        <span class="toolbar-hint" role="status">
          Unknown:{" "}
          {unknown.join(", ")}. Use state, mode, symbol, type, timeframe, team
          or owner
        </span>
      )}
    </form>
  );
}

function StatePills(
  { store, table }: { store: FleetStore; table: TableState },
) {
  const counts = countStates(store.allForFigures());
  const chosen = parseFilter(table.filterText.value).qualifiers
    .find(({ name }) => name === "state")?.values.join(",") ?? null;
  return (
    <div class="pills" role="group" aria-label="Filter by state">
      {STATE_PILLS.map(({ value, label, count }) => (
        <button
          key={value}
          type="button"
          class="pill"
          aria-pressed={chosen === value ? "true" : "false"}
          onClick={() =>
            table.filterText.value = withQualifier(
              table.filterText.value,
              "state",
              chosen === value ? null : value,
            )}
        >
          {label} <span class="pill-count">{counts[count]}</span>
        </button>
      ))}
    </div>
  );
}
