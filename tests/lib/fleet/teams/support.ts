import {
  type TeamRequest,
  type TeamSpawnRequest,
  teamSpawnSchema,
  type TeamView,
} from "../../../../lib/contracts/team.ts";
import type { AppError } from "../../../../lib/core/errors.ts";
import { TEMPLATES } from "../../../../agents/mod.ts";
import { CALLER, type FleetWorld } from "../world.ts";

/** A member that watches the simulated market. */
export function detector(role: string, change: Record<string, unknown> = {}) {
  return {
    role,
    title: `Detector ${role}`,
    config: { ...structuredClone(TEMPLATES[0]!.config), ...change },
  };
}

/** A request for a team of detectors. */
export function teamOf(
  change: Partial<TeamRequest> = {},
): TeamSpawnRequest {
  const members = [detector("first"), detector("second")];
  return teamSpawnSchema.parse({
    name: "pair",
    ...(change.template === undefined ? { members } : {}),
    acknowledgeWarnings: true,
    ...change,
  });
}

/** Spawns a team and waits until all of it runs. */
export async function spawnTeam(
  world: FleetWorld,
  change: Partial<TeamRequest> = {},
): Promise<TeamView> {
  const spawned = await world.settled(
    world.fleet.teams.spawn(teamOf(change), CALLER),
  );
  if (spawned.status === "rejected") throw spawned.reason;
  const { id } = spawned.value;
  await world.until(
    () => world.fleet.teams.get(id).state === "running",
    "the team runs",
  );
  return world.fleet.teams.get(id);
}

/** Why something was refused. */
export async function refusalOf(
  world: FleetWorld,
  work: Promise<unknown>,
): Promise<AppError> {
  const outcome = await world.settled(work);
  if (outcome.status === "fulfilled") throw new Error("It was not refused");
  return outcome.reason;
}
