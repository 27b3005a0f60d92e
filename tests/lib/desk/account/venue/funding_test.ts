import assert from "node:assert/strict";
import {
  FUNDING_LATE_MS,
  REMEMBERED_FUNDING,
} from "../../../../../lib/desk/limits.ts";
import { VenueBench } from "./bench.ts";

const EVERY_MS = 8 * 3_600_000;

function payment(at: number, fundingId = `f${at}`) {
  return {
    type: "funding",
    funding: { fundingId, symbol: "BTC/USDT", amount: "1", at },
  } as const;
}

function paid(bench: VenueBench): string {
  return bench.account.view().fundingPaid ?? "";
}

Deno.test("funding is booked once, also after a crash and when the position is closed already", () => {
  const bench = new VenueBench();
  bench.enter({ targetPrice: null });
  const one = payment(bench.nowMs + 1);
  bench.decide({ kind: "close", reason: "Enough" });
  bench.trade(bench.working("close"));
  const { cash } = bench.account.view();
  bench.report(one);
  bench.report(one);
  assert.equal(paid(bench), "1");
  assert.equal(Number(bench.account.view().cash), Number(cash) - 1);
  bench.crash();
  bench.report(one);
  assert.equal(paid(bench), "1");
});

Deno.test("funding of more payments than ids are remembered is booked once where the venue lists all of them again", () => {
  const bench = new VenueBench();
  bench.enter({ targetPrice: null });
  const count = REMEMBERED_FUNDING + 6;
  const all = Array.from(
    { length: count },
    (_, index) => payment(bench.nowMs + (index + 1) * EVERY_MS),
  );
  for (const one of all) bench.report(one);
  assert.equal(paid(bench), String(count));
  for (const one of all) bench.report(one);
  bench.crash();
  for (const one of all) bench.report(one);
  assert.equal(paid(bench), String(count));
  assert.equal(
    bench.side.fundingFromAt,
    all.at(-1)!.funding.at - FUNDING_LATE_MS,
  );
});

Deno.test("funding that the venue lists late is booked, and once", () => {
  const bench = new VenueBench();
  bench.enter({ targetPrice: null });
  const later = payment(bench.nowMs + EVERY_MS);
  const late = payment(later.funding.at - FUNDING_LATE_MS);
  const older = payment(later.funding.at - FUNDING_LATE_MS - 1);
  for (const one of [later, late, late, older]) bench.report(one);
  assert.equal(paid(bench), "2");
});

Deno.test("funding of before the account's first fill is that of another one and not booked", () => {
  const bench = new VenueBench();
  bench.report(payment(bench.nowMs));
  assert.equal(bench.side.fundingFromAt, null);
  const before = payment(bench.nowMs);
  bench.candle({ close: 100 });
  bench.enter({ targetPrice: null });
  bench.report(before);
  assert.equal(paid(bench), "0");
  bench.crash();
  bench.report(before);
  assert.equal(paid(bench), "0");
  bench.report(payment(bench.nowMs + 1));
  assert.equal(paid(bench), "1");
});
