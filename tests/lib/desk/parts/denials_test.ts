import assert from "node:assert/strict";
import { type DeskAction, PARTS_MAX } from "../../../../lib/contracts/order.ts";
import { PartsBench } from "./bench.ts";
import { denialOf, limit, MARKET, withFirstPart } from "./first_part.ts";

Deno.test("A part is denied with a reason where it does not fit its intent", () => {
  const bench = withFirstPart("buy");
  const codes = (...actions: Parameters<PartsBench["decide"]>) => {
    bench.decide(...actions);
    return bench.step({ close: 100 }).map((event) =>
      event.type === "OrderDenied" ? `${event.part} ${event.code}` : event.type
    );
  };
  assert.deepEqual(
    codes(
      bench.part(1, MARKET, "9.0"),
      bench.part(3, MARKET),
      bench.part(0, MARKET),
      bench.part(1, limit(99)),
      bench.part(1, limit(99)),
    ),
    [
      "1 PART_INVALID",
      "3 PART_INVALID",
      "undefined PART_INVALID",
      "OrderAccepted",
      "1 PART_INVALID",
    ],
  );
  assert.deepEqual(codes(bench.part(2, limit(50))), ["2 PRICE_COLLAR"]);
  assert.deepEqual(codes(bench.part(2, { type: "stop", price: 97 })), [
    "2 STOP_WRONG_SIDE",
  ]);
  assert.equal(bench.account.view().openOrders.length, 2);
});

Deno.test("A part is denied while entries are, and after its intent was withdrawn, closed or expired", () => {
  const codes = (
    change: (bench: PartsBench) => DeskAction | void,
    intent: { expireAfterSeq?: number } = {},
  ) => {
    const bench = new PartsBench();
    bench.submit({ parts: 2, ...intent });
    bench.step({ close: 100 });
    const first = change(bench);
    bench.decide(...(first ? [first] : []), bench.part(1, MARKET));
    const denied = denialOf(bench.step({ close: 100 }));
    assert.equal(
      bench.account.view().openOrders.some(({ role }) => role === "entry"),
      false,
    );
    return denied.code;
  };
  assert.equal(
    codes((bench) => bench.account.setEntries({ allowed: false, reason: "x" })),
    "PART_INVALID",
  );
  assert.equal(
    codes((bench) => {
      bench.account.setEntries({ allowed: false, reason: "x" });
      bench.account.setEntries({ allowed: true, reason: "x" });
    }),
    "PART_INVALID",
  );
  assert.equal(
    codes((bench) =>
      bench.account.pullLever((orders) =>
        orders.block({ reason: "Stopped", withdrawsExits: false })
      )
    ),
    "EMERGENCY_STOP",
  );
  assert.equal(
    codes(() => ({ kind: "cancel", intentId: "0.0", reason: "No" })),
    "PART_INVALID",
  );
  assert.equal(
    codes(() => ({ kind: "close", reason: "No" })),
    "PART_INVALID",
  );
  assert.equal(
    codes((bench) => void bench.step({ close: 97 })),
    "PART_INVALID",
  );
  assert.equal(codes(() => {}, { expireAfterSeq: 1 }), "PART_INVALID");
});

Deno.test("A pair, too many parts and parts too small to send are denied", () => {
  const code = (change: Parameters<PartsBench["submit"]>[0]) => {
    const bench = new PartsBench("buy", { risk: { initialCapital: "300" } });
    bench.submit(change);
    return denialOf(bench.step({ close: 100 })).code;
  };
  assert.equal(code({ parts: PARTS_MAX + 1 }), "PART_INVALID");
  assert.equal(code({ parts: 1.5 }), "PART_INVALID");
  assert.equal(
    code({ parts: 2, hedge: { side: "sell", ratio: 1 } }),
    "HEDGE_PRICE_MISSING",
  );
  assert.equal(code({ parts: PARTS_MAX, stopPrice: 90 }), "SIZE_BELOW_MINIMUM");
});

Deno.test("reprice is denied for what is no limit, for the same price, and by the controls; the order stays", () => {
  const bench = withFirstPart("buy");
  bench.decide(
    bench.part(1, limit(99)),
    bench.part(2, { type: "stop", price: 102 }),
  );
  bench.step({ close: 100 });
  bench.decide(
    bench.reprice(1, 99),
    bench.reprice(2, 103),
    bench.reprice(1, 60),
  );
  const events = bench.step({ close: 100 });
  assert.deepEqual(
    events.map((event) =>
      event.type === "RepriceDenied"
        ? `${event.part} ${event.code}`
        : event.type
    ),
    ["1 PART_INVALID", "2 PART_INVALID", "1 PRICE_COLLAR"],
  );
  const working = bench.account.view().openOrders.map(({ orderId }) => orderId);
  assert.ok(
    working.includes("0.0-entry-p1") && working.includes("0.0-entry-p2"),
  );
});
