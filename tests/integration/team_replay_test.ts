import assert from "node:assert/strict";
import { withTempDir } from "../support/temp.ts";
import {
  findBookFaults,
  openTeamReplay,
  spawnOnReplay,
  type TeamReplay,
  waitForEnd,
} from "./team_replay_setup.ts";
import { killMembers } from "./team_replay_kills.ts";

/**
 * The gate replays a part of the file. `TEAM_CANDLES=200000 TEAM_KILLS=20`
 * replays all of it and kills more often; `TEAM_SEED` chooses other victims.
 */
const CANDLES = numberOf("TEAM_CANDLES", 2_000);
const KILLS = numberOf("TEAM_KILLS", 2);
const SEED = numberOf("TEAM_SEED", 1);

/** Slow enough to be hit in the middle: three milliseconds for five minutes. */
const PACED = 100_000;

const TEMPLATE = "smc-signals";

Deno.test(`team on a replay ends with the same trades though its agents are killed (TEAM_SEED=${SEED})`, () =>
  withTempDir(async (dir) => {
    await using world = await openTeamReplay(dir, CANDLES);
    await compareWithKills(world);
  }));

async function compareWithKills(world: TeamReplay): Promise<void> {
  const calm = await spawnOnReplay(world, {
    name: "calm",
    template: TEMPLATE,
    speed: "max",
  });
  const undisturbed = await waitForEnd(world, calm);
  const trades = Object.values(undisturbed).map((figures) => figures.trades);
  assert.ok(Math.max(...trades) > 0, "the team should have traded");
  const team = await spawnOnReplay(world, {
    name: "hit",
    template: TEMPLATE,
    speed: PACED,
  });
  const seen = await killMembers(world, { team, seed: SEED, kills: KILLS });
  assert.deepEqual(seen.unprotected, []);
  assert.deepEqual(await waitForEnd(world, team), undisturbed);
  const { faults, fills } = await findBookFaults(world, [calm, team]);
  assert.deepEqual(faults, []);
  assert.ok(fills > 0);
}

function numberOf(name: string, preset: number): number {
  const text = Deno.env.get(name);
  return text === undefined ? preset : Number(text);
}
