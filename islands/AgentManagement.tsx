import { computed, effect, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { TeamTemplate } from "../lib/contracts/team.ts";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import { CommandDialogs } from "../lib/ui/fleet/CommandDialogs.tsx";
import { Commands } from "../lib/ui/fleet/commands.ts";
import { type FleetAgent, unpackFleet } from "../lib/ui/fleet/fleet_agent.ts";
import type { FleetPlace } from "../lib/ui/fleet/fleet_href.ts";
import { loadColumns } from "../lib/ui/fleet/saved_views.ts";
import { FleetStore, limitsOf } from "../lib/ui/fleet/store.ts";
import { TableState } from "../lib/ui/fleet/table_state.ts";
import type { PanelUser } from "../lib/ui/roles.ts";
import { api, joinLive } from "../lib/ui/client/live.ts";
import { plural } from "../lib/ui/format.ts";
import { OnDemand } from "../lib/ui/OnDemand.tsx";
import { ToastHost } from "../lib/ui/ToastHost.tsx";
import { showToast } from "../lib/ui/client/toasts.ts";
import AgentStatusDashboard from "./AgentStatusDashboard.tsx";

/** What the server knows when it paints the fleet page. */
export interface AgentManagementProps {
  /** Agents and limits, as `packFleet()` makes one text of them. */
  fleet: string;
  templates: readonly AgentTemplate[];
  teamTemplates: readonly TeamTemplate[];
  /** Everything up to this event is in `fleet`. */
  headSeq: number;
  user: PanelUser;
  /** This server may trade real money. */
  isLiveArmed: boolean;
  /** What the address says. */
  place: Required<FleetPlace>;
}

/** The fleet page: dashboard, spawn dialog, confirmations and messages around one store. */
export default function AgentManagement(props: AgentManagementProps) {
  const { templates, user } = props;
  const { store, table, commands } = useMemo(() => createParts(props), []);
  const spawnRef = useRef<HTMLButtonElement>(null);
  const editing = useSignal<readonly FleetAgent[] | null>(null);
  const spawning = useSignal<{ template: string | null } | null>(null);
  useLiveFleet(props, store);
  useDetails(store, table);

  const endSpawn = () => {
    spawning.value = null;
    focusSoon(spawnRef);
  };
  return (
    <>
      <AgentStatusDashboard
        store={store}
        table={table}
        commands={commands}
        templates={templates}
        spawnRef={spawnRef}
        page={props.place.page}
        onSpawn={(template) => spawning.value = { template }}
        onEdit={(agents) => editing.value = agents}
      />
      <OnDemand
        wanted={spawning.value !== null}
        isKept={false}
        load={async () => (await import("./AgentSpawnDialog.tsx")).default}
        props={{
          templates,
          teamTemplates: props.teamTemplates,
          teamNames: store.peekAll().flatMap(({ team }) => team?.name ?? []),
          template: spawning.value?.template ?? null,
          // Names are unique among the agents of one person.
          names: store.peekAll().filter(({ owner }) => owner?.id === user.id)
            .map(({ name }) => name),
          user,
          isLiveArmed: props.isLiveArmed,
          onClose: endSpawn,
          onSpawned: (agent) => {
            store.put(agent);
            showToast("ok", `${agent.name} is spawned`);
            endSpawn();
          },
          onTeamSpawned: ({ name, members }) => {
            const agents = plural(members.length, "agent");
            showToast("ok", `The team ${name} of ${agents} is spawned`);
            endSpawn();
          },
        }}
        onFailed={endSpawn}
      />
      <OnDemand
        wanted={editing.value !== null}
        isKept={false}
        load={async () =>
          (await import("../lib/ui/fleet/BatchLimits.tsx")).default}
        props={{
          agents: editing.value ?? [],
          commands,
          onClose: () => editing.value = null,
        }}
        onFailed={() => editing.value = null}
      />
      <CommandDialogs commands={commands} />
      <ToastHost />
    </>
  );
}

/** While the dialog is still open the rest of the page takes no focus. */
function focusSoon(ref: { current: HTMLElement | null }): void {
  requestAnimationFrame(() => ref.current?.focus());
}

function createParts({ fleet, place, user }: AgentManagementProps) {
  const { agents, limits } = unpackFleet(fleet);
  const store = new FleetStore(agents, limits, {
    // A page in the background has no frames.
    frame: (run) =>
      document.hidden
        ? void setTimeout(run, HIDDEN_EVERY_MS)
        : void requestAnimationFrame(run),
    later: (ms, run) => void setTimeout(run, ms),
  });
  const table = new TableState(store, place.filter, place.sort);
  const commands = new Commands({
    api,
    user,
    onView: (agent) => store.put(agent),
  });
  return { store, table, commands };
}

const HIDDEN_EVERY_MS = 500;

function useLiveFleet(
  { headSeq }: AgentManagementProps,
  store: FleetStore,
): void {
  useEffect(() =>
    joinLive({
      headSeq,
      topics: ["agent:update"],
      onEvent: (event) => store.apply(event),
      refresh: async () => store.replaceAll((await api.listAgents()).items),
    }), []);
}

/** Loads what a row needs beyond its view: the limits, and the history and orders of open cards. */
function useDetails(store: FleetStore, table: TableState): void {
  const load = async (id: string) => {
    try {
      const detail = await api.getAgent(id);
      store.put(detail);
      store.putLimits(id, limitsOf(detail));
      table.histories.value = {
        ...table.histories.peek(),
        [id]: detail.history,
      };
    } catch {
      // The row shows "—" with its reason; the next change of the agent tries again.
      if (table.histories.peek()[id] !== undefined) return;
      table.histories.value = { ...table.histories.peek(), [id]: "unread" };
    }
  };
  useEffect(() => {
    const columns = loadColumns(localStorage);
    if (columns !== null) table.columns.value = columns;
    // Not in the render: a change of one agent must not paint the page anew.
    const missing = computed(() => store.withoutLimits().join(","));
    const open = computed(() =>
      [...table.expanded.value].map((id) =>
        `${id}:${store.find(id)?.value.observedSince ?? 0}`
      ).join(",")
    );
    const endMissing = effect(() => {
      for (const id of missing.value.split(",").filter(Boolean)) void load(id);
    });
    const endOpen = effect(() => {
      open.value;
      for (const id of table.expanded.peek()) void load(id);
    });
    return () => {
      endMissing();
      endOpen();
    };
  }, []);
}
