import { type Signal, useSignal } from "@preact/signals";
import { type RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import { EmptyState } from "../lib/ui/Feedback.tsx";
import { BatchBar } from "../lib/ui/fleet/BatchBar.tsx";
import type { Commands } from "../lib/ui/fleet/commands.ts";
import { EmptyFleet } from "../lib/ui/fleet/EmptyFleet.tsx";
import type { FleetAgent } from "../lib/ui/fleet/fleet_agent.ts";
import { fleetHref } from "../lib/ui/fleet/fleet_href.ts";
import { FleetTable } from "../lib/ui/fleet/FleetTable.tsx";
import { FleetToolbar } from "../lib/ui/fleet/FleetToolbar.tsx";
import { KpiStrip } from "../lib/ui/fleet/KpiStrip.tsx";
import type { FleetStore } from "../lib/ui/fleet/store.ts";
import type { TableState } from "../lib/ui/fleet/table_state.ts";
import {
  connection,
  isStale,
  offlineReason,
  refreshAll,
} from "../lib/ui/client/live.ts";
import { refusalOf } from "../lib/ui/roles.ts";
import { showToast } from "../lib/ui/client/toasts.ts";
import { StaleBanner } from "../lib/ui/StaleBanner.tsx";

/** Everything the dashboard shows and may do; `AgentManagement` makes it. */
export interface DashboardProps {
  store: FleetStore;
  table: TableState;
  commands: Commands;
  templates: readonly AgentTemplate[];
  spawnRef: RefObject<HTMLButtonElement>;
  /** Page of a long table that the server paints. */
  page: number;
  onSpawn: (template: string | null) => void;
  onEdit: (agents: readonly FleetAgent[]) => void;
}

/** The fleet at a glance: figures, toolbar, table and batch bar, kept up to date. */
export default function AgentStatusDashboard(
  { store, table, commands, templates, spawnRef, page, onSpawn, onEdit }:
    DashboardProps,
) {
  const refreshSeconds = useSignal(0);
  useRefreshInterval(refreshSeconds);
  usePlaceInUrl(table);
  const spawnRefusal = offlineReason() ??
    refusalOf(commands.user, "agents.spawn");
  const isEmpty = store.ids.value.length === 0;
  return (
    <div
      class={isStale(connection.value) ? "dashboard stale" : "dashboard"}
      onKeyDown={(event) => {
        if (event.key === "Escape") table.clearSelection();
      }}
    >
      <KpiStrip store={store} />
      <StaleBanner />
      {isEmpty
        ? (
          <EmptyFleet
            templates={templates}
            spawnRefusal={spawnRefusal}
            spawnRef={spawnRef}
            onSpawn={onSpawn}
          />
        )
        : (
          <>
            <FleetToolbar
              store={store}
              table={table}
              refreshSeconds={refreshSeconds}
              onRefresh={() => void refreshNow()}
              onSpawn={() => onSpawn(null)}
              spawnRef={spawnRef}
              spawnRefusal={spawnRefusal}
            />
            <FleetTable
              store={store}
              table={table}
              commands={commands}
              page={page}
            />
            <NothingFits table={table} />
            <BatchBar table={table} commands={commands} onEdit={onEdit} />
          </>
        )}
    </div>
  );
}

async function refreshNow(): Promise<void> {
  try {
    await refreshAll("manual");
  } catch {
    showToast(
      "danger",
      "The server does not answer",
      "Values on this page may be out of date",
    );
  }
}

/** Begins with the interval that the person has chosen; another one holds until the page is left. */
function useRefreshInterval(seconds: Signal<number>): void {
  useEffect(() => {
    seconds.value = Number(document.documentElement.dataset.refresh);
  }, []);
  useEffect(() => {
    if (seconds.value === 0) return;
    // A failed refresh shows in the connection chip; the next one comes anyway.
    const timer = setInterval(
      () => void refreshAll().catch(() => {}),
      seconds.value * 1_000,
    );
    return () => clearInterval(timer);
  }, [seconds.value]);
}

function NothingFits({ table }: { table: TableState }) {
  if (table.rowIds.length > 0) return null;
  return (
    <EmptyState title="No agent matches the filter">
      <a
        class="btn btn-default"
        href="/"
        data-testid="clear-filter"
        onClick={(event) => {
          event.preventDefault();
          table.filterText.value = "";
        }}
      >
        Clear the filter
      </a>
    </EmptyState>
  );
}

/** The address says what is shown, so that it can be kept and sent on. */
function usePlaceInUrl(table: TableState): void {
  const href = fleetHref({
    filter: table.filterText.value,
    sort: table.sort.value,
  });
  useEffect(() => history.replaceState(null, "", href), [href]);
}
