/** Kills the host process and measures how long everything takes to run again. */
import type { AgentView } from "../../lib/contracts/agent.ts";
import { type ChaosClient, pause } from "./client.ts";
import { RECOVERY_DEADLINE_MS, RECOVERY_POLL_MS, SLOW_MS } from "./limits.ts";
import { processCpuMs } from "../support/processor_time.ts";
import type { SupervisedServer } from "./supervised_server.ts";

/** Where the time of one recovery went. */
export interface Recovery {
  /** From the kill until every agent was where it is wanted. */
  totalMs: number;
  /** Of it, until the parent had started the next process. */
  restartMs: number;
  /** Of it, until that process listened with the store open, feeds and desk up. */
  listeningMs: number;
  /** Processor time that the new process used for it, or null where that cannot be known. */
  cpuMs: number | null;
}

/** Kills the newest host process; resolves when the parent has started the next one. */
export async function killHost(
  server: SupervisedServer,
): Promise<{ killedAtMs: number; startedAtMs: number }> {
  const before = server.hosts();
  const killedAtMs = performance.now();
  server.killHost();
  await server.printed(() => server.hosts() > before);
  return { killedAtMs, startedAtMs: performance.now() };
}

/** Waits until the process that follows a kill has brought everything back. */
export async function waitForRecovery(
  server: SupervisedServer,
  client: ChaosClient,
  options: {
    killedAtMs: number;
    startedAtMs: number;
    onSlow?: (who: string) => void;
  },
): Promise<Recovery> {
  const { killedAtMs, startedAtMs } = options;
  const pid = server.hostPid();
  let listeningAtMs = startedAtMs;
  void server.printed((text) =>
    text.slice(text.lastIndexOf(`Host process ${pid} started`))
      .includes("Listening on http")
  ).then(() => listeningAtMs = performance.now());
  await waitUntilSettled(client, options);
  const nowMs = performance.now();
  const cpuMs = await processCpuMs(pid);
  return {
    totalMs: nowMs - killedAtMs,
    restartMs: startedAtMs - killedAtMs,
    listeningMs: listeningAtMs - killedAtMs,
    cpuMs,
  };
}

/** Waits until every agent is where it is wanted. */
export async function waitUntilSettled(
  client: ChaosClient,
  { onSlow = null, withinMs = RECOVERY_DEADLINE_MS }: {
    onSlow?: ((who: string) => void) | null;
    withinMs?: number;
  } = {},
): Promise<void> {
  const startedAt = performance.now();
  const givenUpAt = startedAt + withinMs;
  let isTold = onSlow === null;
  while (true) {
    // deno-lint-ignore no-await-in-loop -- one look after the other
    const { items } = await client.get<{ items: AgentView[] }>(
      "/api/agents?limit=200",
    );
    const late = items.filter((agent) => agent.observed !== agent.desired);
    if (late.length === 0) return;
    if (!isTold && performance.now() - startedAt > SLOW_MS) {
      isTold = true;
      onSlow?.(describe(late));
    }
    if (performance.now() > givenUpAt) {
      throw new Error(
        `${late.length} agents did not come back within ${
          withinMs / 1_000
        } s: ${describe(late)}`,
      );
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await pause(RECOVERY_POLL_MS);
  }
}

function describe(agents: readonly AgentView[]): string {
  return agents.map(({ name, observed, lastError, account }) => {
    const orders = (account?.openOrders ?? []).map(({ role, phase }) =>
      ` [${role} ${phase}]`
    );
    return `${name} is ${observed} (${lastError ?? "no error"})${
      orders.join("")
    }`;
  }).join(", ");
}
