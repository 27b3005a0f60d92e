/** How a campaign with several hosts ends: everything stops, all processes drain, and the books are compared. */
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import { checkEvents, checkJournals } from "../chaos/checks.ts";
import { pause } from "../chaos/client.ts";
import type { EventRecord } from "../chaos/event_follower.ts";
import { readEventLog } from "../chaos/event_log.ts";
import type { ClusterWorld } from "./campaign.ts";
import { SETTLED_POLL_MS, SETTLED_WITHIN_MS } from "./limits.ts";
import type { Member } from "./member.ts";
import { untilSettled } from "./rounds.ts";

/** What the books come to. */
export interface BookSums {
  orders: number;
  trades: number;
  events: number;
}

/** Stops all agents, drains all processes, and compares stored trades, events and the journals of the last owners. */
export async function compareBooks(
  world: ClusterWorld,
  { kvUrl, followed }: { kvUrl: string; followed: EventRecord },
): Promise<BookSums> {
  const { members, record, findings } = world;
  const agents = await stopAll(world);
  using kv = await Deno.openKv(kvUrl);
  await untilStored(world, kv);
  await drainAll(world);
  const trades = new Map<string, Trade[]>();
  for (const { id } of agents) {
    // deno-lint-ignore no-await-in-loop -- kind to the server
    trades.set(id, await tradesOf(kv, id));
  }
  const log = await readEventLog(kvUrl);
  checkEvents({ log, followed }, trades, findings);
  const sums = { orders: 0, trades: 0, events: log.last };
  for (const { id, dataDir } of members) {
    const own = record.ownedBy(id);
    // A risk manager has no account and no journal.
    const booked = agents.filter((agent) =>
      agent.account !== null && own.includes(agent.id)
    ).map((agent) => [agent.id, trades.get(agent.id)!] as const);
    // deno-lint-ignore no-await-in-loop -- one host after the other
    const sum = await checkJournals(
      `${dataDir}/journal`,
      new Map(booked),
      { findings },
    );
    sums.orders += sum.orders;
    sums.trades += sum.trades;
  }
  return sums;
}

/** Stops every agent, positions as they are; answers with all of them. */
async function stopAll(world: ClusterWorld): Promise<readonly AgentView[]> {
  const { client, findings } = world;
  for (const { id } of await client.list<AgentView>("/api/agents")) {
    // deno-lint-ignore no-await-in-loop -- kind to the rate limit
    const { status, value } = await client.send({
      method: "POST",
      path: `/api/agents/${id}/control`,
      body: { action: "stop", positions: "keep" },
      headers: { "idempotency-key": `stop-${id}` },
    });
    if (status === 202 || JSON.stringify(value).includes(UNKNOWN)) continue;
    findings.addLost(id, `stop: ${status} ${JSON.stringify(value)}`);
  }
  await untilSettled(world);
  return await client.list<AgentView>("/api/agents");
}

/** The state then says what became of the command. */
const UNKNOWN = "idempotency-outcome-unknown";

/** Every trade that an account tells of is in the store. */
async function untilStored(world: ClusterWorld, kv: Deno.Kv): Promise<void> {
  const givenUpAt = performance.now() + SETTLED_WITHIN_MS;
  for (const { id } of await world.client.list<AgentView>("/api/agents")) {
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- one look after the other
      const { account } = await world.client.get<AgentView>(
        `/api/agents/${id}`,
      );
      const trades = account?.trades ?? 0;
      // deno-lint-ignore no-await-in-loop -- as above
      if ((await tradesOf(kv, id)).length === trades) break;
      // The comparison tells what is missing.
      if (performance.now() > givenUpAt) return;
      // deno-lint-ignore no-await-in-loop -- as above
      await pause(SETTLED_POLL_MS);
    }
  }
}

/** Stored trades, oldest first. */
async function tradesOf(kv: Deno.Kv, id: string): Promise<Trade[]> {
  const trades: Trade[] = [];
  for await (
    const { value } of kv.list<{ trade: Trade }>({ prefix: ["trade", id] })
  ) trades.push(value.trade);
  return trades;
}

/** All hosts at once, so that none takes over what another one leaves; then who only shows. */
async function drainAll({ members, findings }: ClusterWorld): Promise<void> {
  for (const role of ["host", "control"]) {
    const drained = members.filter((member) => member.role === role);
    // deno-lint-ignore no-await-in-loop -- hosts first
    await Promise.all(drained.map(async (member) => {
      const code = await member.drain() ?? 0;
      if (code === 0) return;
      findings.addLost(member.id, `it drained with code ${code}`);
    }));
  }
}

/** Ends whatever still runs, and the ways to the store. */
export async function closeAll(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map((member) => member.kill()));
  await Promise.all(members.map((member) => member.close()));
}
