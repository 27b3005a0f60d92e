import assert from "node:assert/strict";
import { type FleetProcess, withFleets } from "./fleets.ts";

const beatsOf = ({ errors }: FleetProcess) =>
  errors.filter((line) => line.startsWith("give a sign of life"));

Deno.test("a sign of life that fails for another reason than a store that is away is told, once as long as the reason stays", () =>
  withFleets(async ({ start, until, clock }) => {
    const host = await start("a", "host");
    await start("b", "host");
    host.isCut = true;
    await clock.advance(5_000);
    assert.deepEqual(beatsOf(host), []);
    await clock.advance(15_000);
    host.isCut = false;
    await until(() => host.isFenced, "the store refuses it");
    await clock.advance(5_000);
    const told = beatsOf(host);
    assert.equal(told.length, 1);
    assert.match(told[0]!, /others go on with its agents/);
  }));
