import { type Signal, useSignal } from "@preact/signals";
import { type RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import { Button } from "../lib/ui/Button.tsx";
import { EmptyState } from "../lib/ui/Feedback.tsx";
import { BatchBar } from "../lib/ui/fleet/BatchBar.tsx";
import type { Commands } from "../lib/ui/fleet/commands.ts";
import { EmptyFleet } from "../lib/ui/fleet/EmptyFleet.tsx";
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
  onSpawn: (template: string | null) => void;
}

/** The fleet at a glance: figures, toolbar, table and batch bar, kept up to date. */
export default function AgentStatusDashboard(
  { store, table, commands, templates, spawnRef, onSpawn }: DashboardProps,
) {
  const refreshSeconds = useSignal(0);
  useRefreshInterval(refreshSeconds);
  useFilterInUrl(table);
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
            <FleetTable store={store} table={table} commands={commands} />
            {table.shownIds.length === 0 && (
              <EmptyState title="No agent matches the filter">
                <Button onClick={() => table.filterText.value = ""}>
                  Clear the filter
                </Button>
              </EmptyState>
            )}
            <BatchBar table={table} commands={commands} />
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

function useFilterInUrl(table: TableState): void {
  const text = table.filterText.value;
  useEffect(() => {
    const url = new URL(location.href);
    if (text === "") url.searchParams.delete("q");
    else url.searchParams.set("q", text);
    history.replaceState(null, "", url);
  }, [text]);
}
