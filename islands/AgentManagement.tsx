import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { AgentView } from "../lib/contracts/agent.ts";
import type { TeamTemplate } from "../lib/contracts/team.ts";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import { Commands } from "../lib/ui/fleet/commands.ts";
import { ConfirmDialog } from "../lib/ui/fleet/ConfirmDialog.tsx";
import {
  type AgentLimits,
  FleetStore,
  limitsOf,
} from "../lib/ui/fleet/store.ts";
import { TableState } from "../lib/ui/fleet/table_state.ts";
import type { PanelUser } from "../lib/ui/roles.ts";
import { api, joinLive } from "../lib/ui/client/live.ts";
import { plural } from "../lib/ui/format.ts";
import { ToastHost } from "../lib/ui/ToastHost.tsx";
import { showToast } from "../lib/ui/client/toasts.ts";
import type { SpawnDialogProps } from "./AgentSpawnDialog.tsx";
import AgentStatusDashboard from "./AgentStatusDashboard.tsx";

/** What the server knows when it paints the fleet page. */
export interface AgentManagementProps {
  agents: readonly AgentView[];
  limits: Readonly<Record<string, AgentLimits>>;
  templates: readonly AgentTemplate[];
  teamTemplates: readonly TeamTemplate[];
  /** Everything up to this event is in `agents`. */
  headSeq: number;
  user: PanelUser;
  /** This server may trade real money. */
  isLiveArmed: boolean;
  filter: string;
}

/** The fleet page: dashboard, spawn dialog, confirmations and messages around one store. */
export default function AgentManagement(props: AgentManagementProps) {
  const { templates, user } = props;
  const { store, table, commands } = useMemo(() => createParts(props), []);
  const spawnRef = useRef<HTMLButtonElement>(null);
  const Dialog = useSignal<
    { component: ComponentType<SpawnDialogProps> } | null
  >(null);
  const spawning = useSignal<{ template: string | null } | null>(null);
  useLiveFleet(props, store);
  useDetails(store, table);

  const openSpawn = async (template: string | null) => {
    spawning.value = { template };
    if (Dialog.value !== null) return;
    try {
      const { default: component } = await import("./AgentSpawnDialog.tsx");
      Dialog.value = { component };
    } catch {
      spawning.value = null;
      showToast(
        "danger",
        "The spawn dialog could not be loaded",
        "Check the connection and try again",
      );
    }
  };
  const SpawnDialog = Dialog.value?.component;
  return (
    <>
      <AgentStatusDashboard
        store={store}
        table={table}
        commands={commands}
        templates={templates}
        spawnRef={spawnRef}
        onSpawn={(template) => void openSpawn(template)}
      />
      {SpawnDialog !== undefined && spawning.value !== null && (
        <SpawnDialog
          templates={templates}
          teamTemplates={props.teamTemplates}
          teamNames={store.all().flatMap(({ team }) => team?.name ?? [])}
          template={spawning.value.template}
          // Names are unique among the agents of one person.
          names={store.all().filter(({ owner }) => owner?.id === user.id)
            .map(({ name }) => name)}
          user={user}
          isLiveArmed={props.isLiveArmed}
          onClose={() => {
            spawning.value = null;
            focusSoon(spawnRef);
          }}
          onSpawned={(agent) => {
            spawning.value = null;
            store.put(agent);
            showToast("ok", `${agent.name} is spawned`);
            focusSoon(spawnRef);
          }}
          onTeamSpawned={({ name, members }) => {
            spawning.value = null;
            const agents = plural(members.length, "agent");
            showToast("ok", `The team ${name} of ${agents} is spawned`);
            focusSoon(spawnRef);
          }}
        />
      )}
      <ConfirmDialog commands={commands} />
      <ToastHost />
    </>
  );
}

/** While the dialog is still open the rest of the page takes no focus. */
function focusSoon(ref: { current: HTMLElement | null }): void {
  requestAnimationFrame(() => ref.current?.focus());
}

function createParts({ agents, limits, filter, user }: AgentManagementProps) {
  const store = new FleetStore(agents, limits);
  const table = new TableState(store, filter);
  const commands = new Commands({
    api,
    user,
    onView: (agent) => store.put(agent),
  });
  return { store, table, commands };
}

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

/** Loads what a row needs beyond its view: the limits, and the history of open cards. */
function useDetails(store: FleetStore, table: TableState): void {
  const missing = store.withoutLimits().join(",");
  const open = [...table.expanded.value]
    .map((id) => `${id}:${store.find(id)?.value.observedSince ?? 0}`).join(",");
  const load = async (id: string) => {
    try {
      const detail = await api.getAgent(id);
      store.putLimits(id, limitsOf(detail));
      table.histories.value = {
        ...table.histories.value,
        [id]: detail.history,
      };
    } catch {
      // The row shows "—" with its reason; the next change of the agent tries again.
    }
  };
  useEffect(() => {
    for (const id of missing.split(",").filter(Boolean)) void load(id);
  }, [missing]);
  useEffect(() => {
    for (const id of table.expanded.value) void load(id);
  }, [open]);
}
