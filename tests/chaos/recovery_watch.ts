/** Kills the host process and measures how long everything takes to run again. */
import type { AgentView } from "../../lib/contracts/agent.ts";
import { type ChaosClient, pause } from "./client.ts";
import { RECOVERY_DEADLINE_MS, RECOVERY_POLL_MS } from "./limits.ts";
import type { SupervisedServer } from "./supervised_server.ts";

/** Where the time of one recovery went. */
export interface Recovery {
  /** From the kill until every agent was where it is wanted. */
  totalMs: number;
  /** Of it, until the parent had started the next process. */
  restartMs: number;
  /** Of it, until that process listened with the store open, feeds and desk up. */
  listeningMs: number;
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
  kill: { killedAtMs: number; startedAtMs: number },
): Promise<Recovery> {
  const { killedAtMs, startedAtMs } = kill;
  const pid = server.hostPid();
  let listeningAtMs = startedAtMs;
  void server.printed((text) =>
    text.slice(text.lastIndexOf(`Host process ${pid} started`))
      .includes("Listening on http")
  ).then(() => listeningAtMs = performance.now());
  await waitUntilSettled(client);
  const nowMs = performance.now();
  return {
    totalMs: nowMs - killedAtMs,
    restartMs: startedAtMs - killedAtMs,
    listeningMs: listeningAtMs - killedAtMs,
  };
}

/** Waits until every agent is where it is wanted. */
export async function waitUntilSettled(client: ChaosClient): Promise<void> {
  const givenUpAt = performance.now() + RECOVERY_DEADLINE_MS;
  while (true) {
    // deno-lint-ignore no-await-in-loop -- one look after the other
    const { items } = await client.get<{ items: AgentView[] }>(
      "/api/agents?limit=200",
    );
    const late = items.filter((agent) => agent.observed !== agent.desired);
    if (late.length === 0) return;
    if (performance.now() > givenUpAt) {
      throw new Error(
        `${late.length} agents did not come back within ${
          RECOVERY_DEADLINE_MS / 1_000
        } s: ${
          late.map(({ name, observed, lastError }) =>
            `${name} is ${observed} (${lastError ?? "no error"})`
          ).join(", ")
        }`,
      );
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await pause(RECOVERY_POLL_MS);
  }
}
