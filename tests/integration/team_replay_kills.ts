/** Deaths of the members of a team, by chance. */
import type { AgentDetail } from "../../lib/contracts/agent.ts";
import type { TeamView } from "../../lib/contracts/team.ts";
import { createRng } from "../../lib/core/rng.ts";
import type { TestApi } from "../support/api.ts";
import type { TeamReplay } from "./team_replay_setup.ts";

const FAILED: readonly string[] = ["backing_off", "starting", "quarantined"];

/** What was seen of a team's positions right after deaths of its agents. */
export interface SeenPositions {
  open: number;
  /** Agents that had a position without a stop at the desk. */
  unprotected: readonly string[];
}

/** Kills workers of agents by chance, each when all of the team runs again. */
export async function killMembers(
  world: TeamReplay,
  { team, seed, kills }: { team: TeamView; seed: number; kills: number },
): Promise<SeenPositions> {
  const { server, replay } = world;
  let seen: SeenPositions = { open: 0, unprotected: [] };
  const rng = createRng(seed);
  const dead = new Set<unknown>();
  for (let kill = 0; kill < kills; kill++) {
    const after = Math.floor(
      replay.candles * (kill + rng.next()) / (kills + 1),
    );
    // deno-lint-ignore no-await-in-loop -- one death after the other
    await waitUntilAllRun(world, { team, after });
    // Workers of teams that have ended before are not those of this one.
    const alive = server.hosts.agent.filter((host) => !dead.has(host))
      .slice(-team.members.length);
    const victim = alive[Math.floor(rng.next() * alive.length)]!;
    // deno-lint-ignore no-await-in-loop -- as above
    const place = await placeInStream(world);
    victim.terminate();
    dead.add(victim);
    // deno-lint-ignore no-await-in-loop -- as above
    await waitUntilOneFails(world, { team, after: place });
    // deno-lint-ignore no-await-in-loop -- as above
    seen = addSeen(seen, await positionsOf(world, team));
  }
  return seen;
}

async function waitUntilAllRun(
  { api }: Pick<TeamReplay, "api">,
  { team, after }: { team: TeamView; after: number },
): Promise<void> {
  for (const { id, type } of team.members) {
    // deno-lint-ignore no-await-in-loop -- all of them, in any order
    await api.waitForAgent(id, ({ observed, progress }) => {
      const isThere = observed === "running" &&
        (progress.seq >= after || type === "risk_manager");
      return isThere || progress.ended || observed === "quarantined";
    });
  }
  const states = await statesOf(api, team);
  // Died too often within a minute: a person would start the team again.
  if (states.includes("quarantined")) {
    await api.send("POST", `/api/teams/${team.id}/control`, {
      action: "start",
    });
    await waitUntilAllRun({ api }, { team, after });
  }
}

/** Waits until the platform knows that a worker is gone, or there is nothing left to do for it. */
async function waitUntilOneFails(
  { api }: Pick<TeamReplay, "api">,
  { team, after }: { team: TeamView; after: number },
): Promise<void> {
  const ids = new Set(team.members.map(({ id }) => id));
  await api.follow({
    after,
    until: (events) =>
      events.some(({ type, data }) =>
        type === "agent.updated" && ids.has(data.id) &&
        (data.progress.ended || FAILED.includes(data.observed))
      ),
  });
}

/** Where the stream of events stands. */
async function placeInStream({ api, server }: TeamReplay): Promise<number> {
  const response = await fetch(`${server.url}/api/teams`, {
    headers: { authorization: `Bearer ${await api.token()}` },
  });
  await response.body?.cancel();
  return Number(response.headers.get("x-stream-seq"));
}

async function statesOf(
  api: TestApi,
  { id }: TeamView,
): Promise<readonly string[]> {
  const { members } = await api.get<TeamView>(`/api/teams/${id}`);
  return members.map(({ observed }) => observed);
}

async function positionsOf(
  { api }: TeamReplay,
  { members }: TeamView,
): Promise<SeenPositions> {
  const agents = await Promise.all(
    members.map(({ id }) => api.get<AgentDetail>(`/api/agents/${id}`)),
  );
  const open = agents.filter(({ account }) =>
    (account?.position ?? null) !== null
  );
  const unprotected = open.filter(({ account }) =>
    account!.position!.stopPrice === null
  );
  return {
    open: open.length,
    unprotected: unprotected.map(({ name }) => name),
  };
}

function addSeen(a: SeenPositions, b: SeenPositions): SeenPositions {
  return {
    open: a.open + b.open,
    unprotected: [...a.unprotected, ...b.unprotected],
  };
}
