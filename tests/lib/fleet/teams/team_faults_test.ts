import assert from "node:assert/strict";
import fc from "fast-check";
import {
  TEAM_ACTIONS,
  teamControlSchema,
} from "../../../../lib/contracts/team.ts";
import { CALLER, type FleetWorld, withFleet } from "../world.ts";
import { spawnTeam } from "./support.ts";

/** What the store does during a command. */
const FAULTS = ["none", "full", "late", "very late"] as const;

const step = fc.record({
  /** Null = the whole team. */
  member: fc.option(fc.nat(1), { freq: 2 }),
  action: fc.constantFrom(...TEAM_ACTIONS),
  fault: fc.constantFrom(...FAULTS),
});

function setFault(world: FleetWorld, fault: typeof FAULTS[number]): void {
  world.disk.isFull = fault === "full";
  world.disk.recordsLateMs = fault === "late"
    ? 1_500
    : fault === "very late"
    ? 6_000
    : 0;
}

async function take(
  world: FleetWorld,
  teamId: string,
  { member, action, fault }: {
    member: number | null;
    action: typeof TEAM_ACTIONS[number];
    fault: typeof FAULTS[number];
  },
): Promise<void> {
  setFault(world, fault);
  const request = teamControlSchema.parse({ action });
  const { members } = world.fleet.teams.get(teamId);
  await world.settled(
    Promise.resolve().then((): Promise<unknown> =>
      member === null
        ? world.fleet.teams.control(teamId, request, CALLER)
        : world.fleet.control(members[member]!.id, request, CALLER)
    ).catch(() => {}),
  );
  setFault(world, "none");
}

Deno.test("whatever the store does, memory and store agree in the end, and a team command is stored for all that took it", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 4 }),
      (steps) =>
        withFleet(async (world) => {
          const { id } = await spawnTeam(world);
          for (const one of steps) {
            // deno-lint-ignore no-await-in-loop -- one command after the other
            await take(world, id, one);
          }
          // Longer than any doubt lasts.
          await world.clock.advance(60_000);
          await world.until(
            () => world.fleet.health().ready && world.fleet.isQuiet(),
            "all is stored",
          );
          const records = await world.store.agents.list();
          for (const record of records) {
            const { desired, configVersion } = world.fleet.get(record.id);
            assert.equal(record.desired, desired);
            assert.equal(record.configVersion, configVersion);
          }
          await assertWhole(world, id);
        }),
    ),
    { numRuns: 6 },
  ));

/** Every entry of a team command names agents; those that no later command changed carry its wish. */
async function assertWhole(world: FleetWorld, id: string): Promise<void> {
  const { items } = await world.store.auditPage({ limit: 50, cursor: null });
  const newestFirst = items.filter(({ action }) => !action.endsWith(".spawn"));
  const records = await world.store.agents.list();
  for (const record of records) {
    const last = newestFirst.find(({ target, detail }) =>
      target === record.id ||
      target === id &&
        (detail["members"] as { id: string }[]).some((member) =>
          member.id === record.id
        )
    );
    const wish = {
      start: "running",
      resume: "running",
      pause: "paused",
      stop: "stopped",
    }[last?.action.split(".")[1] ?? "start"];
    assert.equal(record.desired, wish, last?.action);
  }
}
