/** The rounds of a campaign: faults, their end, and how long agents were without an owner. */
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { Rng } from "../../lib/core/rng.ts";
import { pause } from "../chaos/client.ts";
import type { ClusterWorld } from "./campaign.ts";
import { chooseFaults, describe, type Fault, heal, strike } from "./faults.ts";
import {
  BACK_WITHIN_MS,
  CALM_MAX_MS,
  CALM_MIN_MS,
  SETTLED_POLL_MS,
  SETTLED_WITHIN_MS,
} from "./limits.ts";
import type { Reader } from "./reads.ts";

/** What became of the agents. */
export interface PlayedRounds {
  takeovers: number;
  endedAlive: number;
  unownedMs: readonly number[];
}

/** An agent whose host was hit. */
interface Hit {
  agentId: string;
  hostId: string;
  /** Owners that it had before. */
  owners: number;
  atMs: number;
}

/** Plays all rounds. */
export async function playRounds(
  world: ClusterWorld,
  { rng, reader }: { rng: Rng; reader: Reader },
): Promise<PlayedRounds> {
  const { options, members, record } = world;
  const unowned: number[] = [];
  let takeovers = 0;
  const hitHosts: { hostId: string; fromMs: number; untilMs: number }[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    options.signal?.throwIfAborted();
    const faults = chooseFaults(members, {
      rng,
      pauseMs: options.pauseMs,
      hasAgents: (id) => record.ownedBy(id).length > 0,
    });
    options.onProgress(`round ${round}: ${faults.map(describe).join(", ")}`);
    const fromMs = performance.now();
    // deno-lint-ignore no-await-in-loop -- one round after the other
    const struck = await playRound(world, { faults, reader });
    unowned.push(...struck.flatMap((hit) => unownedMs(world, hit) ?? []));
    takeovers += struck.filter((hit) => isTakenOver(world, hit)).length;
    for (const { member } of faults) {
      const untilMs = performance.now();
      hitHosts.push({ hostId: member.id, fromMs, untilMs });
    }
    record.examine();
    options.onProgress(summary(world, { round, struck, fromMs }));
    // deno-lint-ignore no-await-in-loop -- as above
    await pause(CALM_MIN_MS + rng.next() * (CALM_MAX_MS - CALM_MIN_MS));
  }
  return {
    takeovers,
    endedAlive:
      record.ended.filter(({ hostId, atMs }) =>
        !hitHosts.some((hit) =>
          hit.hostId === hostId && atMs >= hit.fromMs && atMs <= hit.untilMs
        )
      ).length,
    unownedMs: unowned,
  };
}

function summary(
  world: ClusterWorld,
  { round, struck, fromMs }: {
    round: number;
    struck: readonly Hit[];
    fromMs: number;
  },
): string {
  const times = struck.flatMap((hit) => unownedMs(world, hit) ?? []);
  const most = times.length === 0 ? 0 : Math.max(...times);
  return `round ${round}: settled after ${
    ((performance.now() - fromMs) / 1_000).toFixed(1)
  } s; ${times.length} of ${struck.length} agents got another owner, within ${
    (most / 1_000).toFixed(1)
  } s; ${world.record.overlaps.length} overlaps`;
}

async function playRound(
  world: ClusterWorld,
  { faults, reader }: { faults: readonly Fault[]; reader: Reader },
): Promise<Hit[]> {
  const { record } = world;
  for (const { member } of faults) reader.disturb(member);
  const struck = await Promise.all(faults.map(async (fault) => {
    const { id } = fault.member;
    const hits = record.ownedBy(id).map((agentId): Hit => ({
      agentId,
      hostId: id,
      owners: record.takingsOf(agentId).length,
      atMs: performance.now(),
    }));
    await strike(fault);
    await pause(fault.ms);
    await heal(fault);
    return hits;
  }));
  const hits = struck.flat();
  await untilUp(world, hits);
  await untilSettled(world);
  for (const { member } of faults) reader.calm(member);
  for (const hit of hits) tellLate(world, hit);
  return hits;
}

/** Waits until all agents that were hit are up, by the store: what a control process shows was told by whoever had them before. */
async function untilUp(
  { record, options }: ClusterWorld,
  hits: readonly Hit[],
): Promise<void> {
  const givenUpAt = performance.now() + SETTLED_WITHIN_MS;
  while (
    performance.now() < givenUpAt &&
    !hits.every(({ agentId }) => record.isUp(agentId))
  ) {
    options.signal?.throwIfAborted();
    // deno-lint-ignore no-await-in-loop -- one look after the other
    await pause(SETTLED_POLL_MS);
  }
}

/** One that came back late, or not at all, is told. */
function tellLate(world: ClusterWorld, hit: Hit): void {
  if (!isTakenOver(world, hit)) return;
  const tookMs = unownedMs(world, hit);
  if (tookMs !== null && tookMs <= BACK_WITHIN_MS) return;
  world.findings.addLost(
    hit.agentId,
    tookMs === null
      ? `it never came up after "${hit.hostId}" had lost it`
      : `it came up ${Math.round(tookMs)} ms after "${hit.hostId}" was hit`,
  );
}

function isTakenOver({ record }: ClusterWorld, { agentId, owners }: Hit) {
  return record.takingsOf(agentId).length > owners;
}

/** From the fault until it was up with another owner; null where it has none, or was not up. */
function unownedMs({ record }: ClusterWorld, hit: Hit): number | null {
  const { agentId, owners, atMs } = hit;
  const up = record.takingsOf(agentId).slice(owners)
    .find(({ upAtMs }) => upAtMs !== null);
  return up === undefined ? null : up.upAtMs! - atMs;
}

/** Waits until every agent is where it is wanted, at a host that is there. */
export async function untilSettled(world: ClusterWorld): Promise<void> {
  const { client, options } = world;
  const givenUpAt = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    options.signal?.throwIfAborted();
    // deno-lint-ignore no-await-in-loop -- one look after the other
    const { items } = await client.get<{ items: AgentView[] }>(
      "/api/agents?limit=200",
    );
    const late = items.filter(({ observed, desired, host }) =>
      observed !== desired || desired !== "stopped" && host === undefined
    );
    if (late.length === 0) return;
    if (performance.now() > givenUpAt) {
      throw new Error(
        `${late.length} agents are not where they are wanted after ${
          SETTLED_WITHIN_MS / 1_000
        } s: ${
          late.map(({ name, host, observed, desired, lastError }) =>
            `${name} at ${host} is ${observed}, not ${desired} (${lastError})`
          ).join(", ")
        }`,
      );
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await pause(SETTLED_POLL_MS);
  }
}
