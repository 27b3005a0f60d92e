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
  /** What is left of it when its garbage is collected. */
  liveHeapMiB: number | null;
  /** Of all agents together; null before each has told. */
  workersHeapMiB: number | null;
  /** What is left of these when their garbage is collected. */
  workersLiveHeapMiB: number | null;
  /** The same of desks, feeds and the like. */
  servicesLiveHeapMiB: number | null;
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
  const mib = (name: string) => toMiB(valueOf(figures, name));
  return {
    atMs,
    ...process,
    diskMiB,
    heapMiB: mib("smc_process_heap_bytes"),
    liveHeapMiB: mib("smc_process_live_heap_bytes"),
    workersHeapMiB: ofAllAgents(figures, "smc_agent_heap_bytes"),
    workersLiveHeapMiB: ofAllAgents(figures, "smc_agent_live_heap_bytes"),
    servicesLiveHeapMiB: ofAllServices(figures),
    buckets: figures.filter(({ name }) =>
      name === "smc_loop_late_seconds_bucket"
    ),
    agents: agentsIn(figures),
  };
}

/** A sum in which some were missing would grow when they come. */
function ofAllAgents(
  figures: readonly Sample[],
  name: string,
): number | null {
  const of = (name: string) => byLabel(figures, { name, label: "agent" });
  const known = of(name);
  if (known.size === 0 || known.size < of("smc_agent_running").size) {
    return null;
  }
  return toMiB(known.values().reduce((sum, bytes) => sum + bytes, 0));
}

function ofAllServices(figures: readonly Sample[]): number | null {
  const of = (name: string) => byLabel(figures, { name, label: "service" });
  const known = of("smc_service_live_heap_bytes");
  if (known.size < of("smc_service_heap_bytes").size) return null;
  return toMiB(known.values().reduce((sum, bytes) => sum + bytes, 0));
}

function toMiB(bytes: number | null): number | null {
  return bytes === null ? null : bytes / 1024 ** 2;
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
