import { DEFAULT_SAFETY } from "../../../../../agents/risk/safety_limits.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  CLIENT_ORDER_ID_LENGTH,
  EPOCHS_MAX,
  makeClientOrderId,
  nextSequence,
  parseClientOrderId,
  roleOf,
  SEQUENCES_MAX,
  unwrittenSequence,
} from "../../../../../lib/desk/venue/client_order_id.ts";
import {
  CLIENT_IDS_BLOCK,
  CLIENT_IDS_BLOCK_MAX,
} from "../../../../../lib/desk/limits.ts";
import { VenueBench } from "./bench.ts";

const text = (length: number) =>
  fc.string({
    unit: fc.constantFrom(..."0123456789abcXYZ"),
    minLength: length,
    maxLength: length,
  });
const places = fc.record({
  epoch: fc.nat({ max: EPOCHS_MAX }),
  sequence: fc.nat({ max: SEQUENCES_MAX - 1 }),
});

Deno.test("makeClientOrderId() makes letters and digits of one width that parse to what they were made of", () => {
  fc.assert(fc.property(text(3), text(5), places, (namespace, agentKey, at) => {
    const id = makeClientOrderId({ namespace, agentKey }, at)!;
    assert.match(id, /^[0-9A-Za-z]+$/);
    assert.equal(id.length, CLIENT_ORDER_ID_LENGTH);
    assert.ok(id.length <= 18);
    assert.ok(id.startsWith(namespace + agentKey));
    assert.deepEqual(parseClientOrderId(id), {
      namespace,
      agentKey,
      ...at,
      role: roleOf(at.sequence),
    });
  }));
});

Deno.test("makeClientOrderId() makes different ids of different places", () => {
  const parts = { namespace: "abc", agentKey: "agent" };
  fc.assert(fc.property(places, places, (one, other) => {
    const isSame = one.epoch === other.epoch && one.sequence === other.sequence;
    assert.equal(
      makeClientOrderId(parts, one) === makeClientOrderId(parts, other),
      isSame,
    );
  }));
});

Deno.test("makeClientOrderId() refuses what is used up instead of beginning again", () => {
  const parts = { namespace: "abc", agentKey: "agent" };
  const last = { epoch: EPOCHS_MAX, sequence: SEQUENCES_MAX - 1 };
  assert.notEqual(makeClientOrderId(parts, last), null);
  for (
    const place of [
      { ...last, epoch: EPOCHS_MAX + 1 },
      { ...last, sequence: SEQUENCES_MAX },
      { epoch: -1, sequence: 0 },
      { epoch: 1, sequence: 0.5 },
    ]
  ) assert.equal(makeClientOrderId(parts, place), null);
});

Deno.test("parseClientOrderId() knows every other text from an id", () => {
  for (const other of ["", "x-123", "abcagent001s00000", "abcagent001e0000A"]) {
    assert.equal(parseClientOrderId(other), null);
  }
});

Deno.test("nextSequence() finds the first number of a role", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("entry", "stop", "target", "close"),
      fc.nat({ max: 1_000_000 }),
      (role, from) => {
        const next = nextSequence(role, from);
        assert.ok(next >= from && next < from + 4);
        assert.equal(roleOf(next), role);
      },
    ),
  );
});

Deno.test("an account reserves the next block of ids when half of one is used, and a restart begins a new epoch", () => {
  const bench = new VenueBench();
  const ids = () =>
    bench.records.flatMap((record) =>
      record.type === "IDS" ? [[record.epoch, record.from, record.to]] : []
    );
  assert.deepEqual(ids(), [[1, 0, CLIENT_IDS_BLOCK]]);
  for (let count = 0; count < 12; count++) {
    bench.submit();
    if (count < 9) bench.reject(bench.working("entry"));
    else bench.reject(bench.working("entry"), "refused");
    bench.candle({ close: 100 });
    bench.candle({ close: 100 });
  }
  const idsTo = ids().at(-1)![2]!;
  assert.ok(idsTo > CLIENT_IDS_BLOCK, "a further block should be reserved");
  assert.deepEqual(
    ids(),
    Array.from({ length: idsTo / CLIENT_IDS_BLOCK }, (_, index) => [
      1,
      index * CLIENT_IDS_BLOCK,
      (index + 1) * CLIENT_IDS_BLOCK,
    ]),
  );
  bench.crash();
  assert.deepEqual(ids().at(-1), [2, 0, CLIENT_IDS_BLOCK]);
  const open = bench.side.openIds().map(({ clientOrderId }) =>
    parseClientOrderId(clientOrderId)!
  );
  const used = bench.records.flatMap((record) =>
    record.type === "ORDER"
      ? [parseClientOrderId(record.clientOrderId!)!.sequence]
      : []
  );
  const after = Math.max(...used);
  assert.ok(
    open.every(({ epoch, sequence }) => epoch === 1 && sequence > after),
  );
  assert.ok(idsTo - after > CLIENT_IDS_BLOCK / 2, "half should be left");
  assert.equal(open.at(-1)!.sequence, idsTo - 1);
  bench.side.idsAsked();
  assert.deepEqual(bench.side.openIds(), []);
});

Deno.test("an account that sends thousands of orders a minute reserves larger blocks of ids, up to a limit", () => {
  const unlimited = {
    maxOrdersPerMinute: 100_000,
    repeatedEntriesPerMinute: 100_000,
    maxCancelsPerFill: 1_000_000,
    maxAccountOrdersPerMinute: 100_000,
    maxAccountMessagesPerMinute: 1_000_000,
  };
  const bench = new VenueBench({
    config: { safety: { ...DEFAULT_SAFETY, ...unlimited } },
    candleMs: 20,
  });
  const sizes = () =>
    bench.records.flatMap((record) =>
      record.type === "IDS" ? [record.to - record.from] : []
    );
  const enter = (times: number) => {
    for (let count = 0; count < times; count++) {
      // No two alike within a second.
      bench.submit({ stopPrice: 90 + (count % 500) / 100 });
      bench.reject(bench.working("entry"));
    }
  };
  enter(2_200);
  assert.equal(sizes()[0], CLIENT_IDS_BLOCK);
  assert.equal(sizes().at(-1), CLIENT_IDS_BLOCK_MAX);
  assert.deepEqual(sizes(), sizes().toSorted((a, b) => a - b));
  bench.candleMs = 60_000;
  enter(CLIENT_IDS_BLOCK_MAX);
  assert.equal(sizes().at(-1), CLIENT_IDS_BLOCK, "it is quiet again");
});

Deno.test("an account whose epochs are used up denies entries with a sentence", () => {
  const bench = new VenueBench();
  for (const { record } of bench.entries) {
    if (record.type === "IDS") record.epoch = EPOCHS_MAX;
  }
  bench.crash();
  bench.candle({ close: 100 });
  bench.submit();
  const [denied] = bench.candle({ close: 100 }).events;
  assert.ok(denied?.type === "OrderDenied");
  assert.match(denied.detail, /used up its order ids/);
});

Deno.test("unwrittenSequence() begins at another place of the upper half every quarter of a second", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4e12 }),
      fc.integer({ min: 250, max: 10 * 86_400_000 }),
      (nowMs, laterMs) => {
        const from = unwrittenSequence(nowMs);
        assert.equal(roleOf(from), "entry");
        assert.ok(from >= SEQUENCES_MAX / 2 && from < SEQUENCES_MAX * 0.75);
        assert.notEqual(unwrittenSequence(nowMs + laterMs), from);
      },
    ),
  );
});

Deno.test("IdSupply.isUsable() lets no entry out with an id that is not on the disk, also while the disk refuses", () => {
  const bench = new VenueBench({ syncsAtOnce: false });
  bench.side.idsSynced(0);
  bench.isFailing = true;
  bench.submit();
  assert.deepEqual(bench.sent(), []);
  bench.side.release(bench.working("entry").order.orderId);
  assert.deepEqual(bench.sent(), []);
  assert.equal(bench.working("entry").phase, "queued");
});

Deno.test("IdSupply.isBeyondRecord() has the trade of an unknown exit booked only where it takes something off what is held", () => {
  const bench = new VenueBench();
  bench.enter({ targetPrice: null });
  const held = bench.side.positionQuantity();
  const stop = bench.working("stop");
  const unknown = (sequence: number) => ({
    ...stop,
    clientOrderId: makeClientOrderId(
      { namespace: "abc", agentKey: "agent" },
      { epoch: 9, sequence: nextSequence("close", sequence) },
    )!,
  });
  bench.trade(unknown(0), { side: "buy" });
  bench.trade(unknown(0), { quantity: String(2 * Number(held)) });
  assert.equal(bench.side.positionQuantity(), held);
  bench.trade(unknown(0));
  assert.equal(bench.side.positionQuantity(), "0");
  bench.trade(unknown(9));
  assert.equal(bench.side.positionQuantity(), "0");
});
