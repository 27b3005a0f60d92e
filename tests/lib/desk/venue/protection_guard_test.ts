import assert from "node:assert/strict";
import { PROTECT_WITHIN_MS } from "../../../../lib/desk/venue/limits.ts";
import { DriverBench } from "./bench.ts";

/** Details of the alerts of a position without its stop, in order. */
function told({ alerts }: DriverBench): readonly string[] {
  return alerts.flatMap(({ code, detail }) =>
    code === "POSITION_UNPROTECTED" ? [detail] : []
  );
}

/** A driver whose account holds something. */
async function holding(
  state: { protects: boolean; covers: boolean },
): Promise<DriverBench> {
  const bench = new DriverBench().start(({ gateway, side }) => {
    gateway.held = "1";
    Object.assign(side, { position: "1", ...state });
  });
  await bench.pass(PROTECT_WITHIN_MS + 1_000);
  return bench;
}

Deno.test("ProtectionGuard tells once of a position without its stop, has it closed until it is, and tells when that is over", async () => {
  const bench = await holding({ protects: false, covers: false });
  assert.match(told(bench).join(), /^The position was not protected within/);
  await bench.pass(10 * PROTECT_WITHIN_MS);
  assert.equal(told(bench).length, 1);
  assert.ok(bench.side.abandoned.length >= 10, "the close is made again");
  Object.assign(bench.side, { position: "0", protects: true, covers: true });
  await bench.pass(2_000);
  assert.deepEqual(told(bench).slice(1), [""]);
  Object.assign(bench.side, { position: "1", protects: false, covers: false });
  await bench.pass(PROTECT_WITHIN_MS + 2_000);
  assert.equal(told(bench).length, 3);
});

Deno.test("ProtectionGuard has a position closed that is wished flat, and tells nobody while its stop rests", async () => {
  const bench = await holding({ protects: false, covers: true });
  await bench.pass(5 * PROTECT_WITHIN_MS);
  assert.deepEqual(told(bench), []);
  assert.ok(bench.side.abandoned.length >= 5, "the close is made again");
});
