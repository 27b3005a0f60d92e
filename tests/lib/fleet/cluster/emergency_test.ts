/** Emergency stops where hosts end, come and go. */
import assert from "node:assert/strict";
import { stopRequestSchema } from "../../../../lib/contracts/emergency.ts";
import type { AppError } from "../../../../lib/core/errors.ts";
import { CALLER } from "../world.ts";
import { type FleetProcess, type Fleets, withFleets } from "./fleets.ts";

const BLOCK = stopRequestSchema.parse({
  scope: { kind: "all" },
  lever: "block",
  reason: "everybody",
});

function stop({ fleet }: FleetProcess) {
  return fleet.emergency.stop(BLOCK, { id: "stop_00000001", caller: CALLER });
}

function release({ fleet }: FleetProcess) {
  return fleet.emergency.release("stop_00000001", {
    reason: "well",
    caller: CALLER,
  });
}

const stopsOf = ({ fleet }: FleetProcess) =>
  fleet.emergency.state().latches.map(({ id }) => id);

/** Lets time pass; meanwhile a process knows of the stop without a gap. */
async function untilAndNeverForgotten(
  { until }: Fleets,
  { knower, isSo }: { knower: FleetProcess; isSo: () => boolean },
) {
  await until(() => {
    assert.deepEqual(stopsOf(knower), ["stop_00000001"]);
    return isSo();
  }, "it is so");
}

const tradingState = ({ fleet }: FleetProcess, id: string) =>
  fleet.get(id).account?.tradingState;

Deno.test("an emergency stop outlives the only host that had it: who comes next holds it before its agents trade, and it can be released", () =>
  withFleets(async (fleets) => {
    const { start, spawn, settled, until } = fleets;
    const control = await start("control", "control");
    const first = await start("a", "host");
    const { id } = await spawn(control, "one");
    const stopped = await settled(stop(control));
    assert.equal(stopped.status, "fulfilled");
    assert.equal(stopped.value.isLatched, true);
    await until(() => tradingState(control, id) === "halted", "it is halted");
    first.isCut = true;
    await untilAndNeverForgotten(fleets, {
      knower: control,
      isSo: () => control.fleet.get(id).host === undefined,
    });
    const refused = await settled(release(control));
    assert.equal(refused.status, "rejected");
    assert.equal((refused.reason as AppError).code, "HOST_UNREACHABLE");
    const next = await start("b", "host");
    assert.deepEqual(stopsOf(next), ["stop_00000001"]);
    await untilAndNeverForgotten(fleets, {
      knower: control,
      isSo: () => control.fleet.get(id).host === "b",
    });
    await until(() => next.fleet.get(id).observed === "running", "it runs");
    assert.equal(tradingState(next, id), "halted");
    const released = await settled(release(control));
    assert.equal(released.status, "fulfilled");
    assert.deepEqual(stopsOf(control), []);
    await until(() => tradingState(next, id) === "active", "it trades again");
  }));

Deno.test("an emergency stop that is asked for while no host is up is given to the first one that comes", () =>
  withFleets(async (fleets) => {
    const { start, settled, until } = fleets;
    const control = await start("control", "control");
    const stopped = await settled(stop(control));
    assert.equal(stopped.status, "fulfilled");
    assert.equal(stopped.value.isLatched, false);
    const host = await start("a", "host");
    await untilAndNeverForgotten(fleets, {
      knower: control,
      isSo: () => stopsOf(host).length === 1,
    });
    const released = await settled(release(control));
    assert.equal(released.status, "fulfilled");
    await until(() => stopsOf(host).length === 0, "it is released");
    assert.deepEqual(stopsOf(control), []);
  }));

Deno.test("an emergency stop that no host has heard of is taken back by its release", () =>
  withFleets(async ({ start, settled, clock }) => {
    const control = await start("control", "control");
    await settled(stop(control));
    assert.equal((await settled(release(control))).status, "fulfilled");
    assert.deepEqual(stopsOf(control), []);
    const host = await start("a", "host");
    await clock.advance(5_000);
    assert.deepEqual(stopsOf(host), []);
  }));
