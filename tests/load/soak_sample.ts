import { byLabel, type Sample, valueOf } from "./exposition.ts";
import {
  folderMiB,
  type ProcessSample,
  sampleProcess,
} from "./process_sample.ts";
import type { Rig } from "./rig.ts";

/** How one agent was at a look. */
export interface AgentSample {
  id: string;
  name: string;
  isRunning: boolean;
  heartbeatAgeMs: number | null;
  mailbox: number;
  /** Messages a second, as its worker says. */
  rate: number | null;
}

/** One look at a server. */
export interface SoakSample extends ProcessSample {
  /** Since the begin. */
  atMs: number;
  diskMiB: number | null;
  heapMiB: number | null;
  /** Of all agents together; null before any has told. */
  workersHeapMiB: number | null;
  /** How late the main isolate was so far, as a histogram. */
  buckets: readonly Sample[];
  agents: readonly AgentSample[];
}

/** Looks at a server. */
export async function takeSample(rig: Rig, atMs: number): Promise<SoakSample> {
  const [figures, process, diskMiB] = await Promise.all([
    rig.metrics(),
    sampleProcess(rig.pid),
    folderMiB(rig.dataDir),
  ]);
  const heap = valueOf(figures, "smc_process_heap_bytes");
  return {
    atMs,
    ...process,
    diskMiB,
    heapMiB: heap === null ? null : heap / 1024 ** 2,
    workersHeapMiB: workersHeapIn(figures),
    buckets: figures.filter(({ name }) =>
      name === "smc_loop_late_seconds_bucket"
    ),
    agents: agentsIn(figures),
  };
}

function workersHeapIn(figures: readonly Sample[]): number | null {
  const heaps = byLabel(figures, {
    name: "smc_agent_heap_bytes",
    label: "agent",
  });
  if (heaps.size === 0) return null;
  return heaps.values().reduce((sum, bytes) => sum + bytes, 0) / 1024 ** 2;
}

function agentsIn(figures: readonly Sample[]): readonly AgentSample[] {
  const of = (name: string) => byLabel(figures, { name, label: "agent" });
  const ages = of("smc_agent_heartbeat_age_seconds");
  const mailboxes = of("smc_agent_mailbox_messages");
  const rates = of("smc_agent_messages_per_second");
  return figures.filter(({ name }) => name === "smc_agent_running").map(
    ({ labels, value }) => {
      const id = labels["agent"]!;
      const age = ages.get(id);
      return {
        id,
        name: labels["name"] ?? id,
        isRunning: value === 1,
        heartbeatAgeMs: age === undefined ? null : age * 1_000,
        mailbox: mailboxes.get(id) ?? 0,
        rate: rates.get(id) ?? null,
      };
    },
  );
}
