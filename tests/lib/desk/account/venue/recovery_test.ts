import assert from "node:assert/strict";
import fc from "fast-check";
import { recoverLog } from "../../../../../lib/desk/account/account_log.ts";
import { DeskAccount } from "../../../../../lib/desk/account/account.ts";
import type { JournalEntry } from "../../../../../lib/desk/journal/records.ts";
import { VenueBench } from "./bench.ts";
import { SPOT, SWAP } from "./profiles.ts";
import { Chaos } from "./chaos.ts";

const CHOICES = fc.array(fc.nat({ max: 16 * 2520 - 1 }), {
  minLength: 5,
  maxLength: 80,
});
const NO_SINK = { append: () => {} };

/** What some entries add up to. */
function foldedOf(entries: readonly JournalEntry[]) {
  const { log } = recoverLog(entries, {
    sink: NO_SINK,
    storedTrades: Infinity,
  });
  return { state: log.book.toState(), mark: log.book.toMark(), log };
}

/** What a recovery adds to a journal and commands. */
function recovered(bench: VenueBench, entries: readonly JournalEntry[]) {
  const added: JournalEntry[] = [];
  const commands: unknown[] = [];
  const account = DeskAccount.recover(entries, {
    append: (more) => void added.push(...structuredClone([...more])),
  }, { ports: bench.ports((command) => void commands.push(command)) });
  return { added, commands, view: account.view() };
}

Deno.test("every prefix of whole appends folds to one state, also from a segment, and recovers alike twice without sending a thing again", () => {
  fc.assert(
    fc.property(
      CHOICES,
      fc.nat(),
      fc.boolean(),
      (choices, cut, isSpot) => {
        const chaos = new Chaos(isSpot ? SPOT : SWAP);
        for (const choice of choices) chaos.act(choice);
        const { bench } = chaos;
        const appends = bench.appends.slice(0, 1 + cut % bench.appends.length);
        const entries = appends.flat();
        const sent = new Set(
          entries.flatMap(({ record }) =>
            record.type === "SENDING" ? [record.orderId] : []
          ),
        );
        const folded = foldedOf(entries);
        assert.deepEqual(
          foldedOf(structuredClone(entries)).state,
          folded.state,
        );
        const start = structuredClone(
          folded.log.toSegmentStart({ segment: 2, newestEpoch: 0 }),
        );
        assert.deepEqual(foldedOf([start]).state, folded.state);
        assert.deepEqual(foldedOf([start]).mark, folded.mark);

        bench.budget = Infinity;
        const first = recovered(bench, entries);
        assert.deepEqual(recovered(bench, entries), first);
        for (const { record } of first.added) {
          if (record.type === "SENDING") assert.ok(!sent.has(record.orderId));
        }
        // What was under way is unknown afterwards; what is new was sent by the recovery itself.
        const after = foldedOf([...entries, ...first.added]);
        for (const { order, phase } of after.state.venue!.working) {
          assert.ok(phase !== "sending" || !sent.has(order.orderId));
        }
      },
    ),
    { numRuns: 80 },
  );
});

Deno.test("the running account is what its journal folds to", () => {
  fc.assert(
    fc.property(CHOICES, (choices) => {
      const chaos = new Chaos(SWAP);
      for (const choice of choices) chaos.act(choice);
      const { bench } = chaos;
      const { log } = foldedOf(bench.entries);
      const { view } = recovered(bench, bench.entries);
      assert.equal(
        log.book.ledger.cashText,
        bench.account.view().cash,
      );
      assert.deepEqual(
        log.book.venue!.working.map(({ order, phase, filled }) => ({
          order,
          phase,
          filled,
        })),
        bench.side.workingOrders().map(({ order, phase, filled }) => ({
          order,
          phase,
          filled,
        })),
      );
      assert.equal(view.tradesHash, bench.account.view().tradesHash);
    }),
    { numRuns: 60 },
  );
});

Deno.test("after a crash an order that was not sent is void, one without an answer is looked for, and a withdrawal is repeated", () => {
  const bench = new VenueBench();
  bench.submit({ entry: { type: "limit", price: 99 } });
  const sending = bench.working("entry").order.orderId;
  bench.crash();
  assert.deepEqual(bench.take(), [{ type: "resolve", orderId: sending }]);
  assert.equal(bench.working("entry").phase, "unknown");
  bench.accept(bench.working("entry"));
  bench.account.setEntries({ allowed: false, reason: "No more" });
  bench.crash();
  assert.deepEqual(bench.take(), [{ type: "cancel", orderId: sending }]);
  bench.over(bench.working("entry"));

  const other = new VenueBench();
  other.budget = 0;
  other.submit();
  other.crash();
  assert.deepEqual(other.take(), []);
  assert.deepEqual(other.side.workingOrders(), []);
});

Deno.test("a position that a crash left without a stop gets one, and is closed when a close was wished", () => {
  const bench = new VenueBench();
  bench.submit({ targetPrice: null });
  bench.budget = 0;
  bench.trade(bench.working("entry"));
  assert.equal(bench.working("stop").phase, "queued");
  bench.budget = Infinity;
  bench.crash();
  assert.equal(bench.working("stop").phase, "sending");
  bench.accept(bench.working("stop"));
  bench.budget = 0;
  bench.decide({ kind: "close", reason: "Enough" });
  assert.equal(bench.working("close").phase, "queued");
  bench.budget = Infinity;
  bench.crash();
  assert.equal(bench.working("close").phase, "sending");
});

Deno.test("an order that only the venue knows is taken in, withdrawn, and what it made is closed", () => {
  const bench = new VenueBench();
  const kept = bench.appends.length;
  bench.submit({ entry: { type: "limit", price: 99 } });
  const lost = bench.working("entry");
  bench.crash({ appends: kept });
  assert.deepEqual(bench.side.workingOrders(), []);
  const { clientOrderId, order } = lost;
  assert.ok(
    bench.side.openIds().some((open) => open.clientOrderId === clientOrderId),
  );
  const venueOrder = {
    clientOrderId,
    venueOrderId: "v1",
    symbol: "BTC/USDT",
    side: order.side,
    type: "limit" as const,
    price: "99",
    triggerPrice: null,
    quantity: order.quantity,
    filled: "0",
    status: "open" as const,
    reduceOnly: false,
    at: null,
  };
  bench.report({ type: "adopt", order: venueOrder, trades: [] });
  const adopted = bench.working("entry");
  assert.deepEqual(bench.take(), [
    { type: "cancel", orderId: adopted.order.orderId },
  ]);
  assert.equal(bench.account.view().tradingState, "reducing");
  assert.ok(
    !bench.side.openIds().some((open) => open.clientOrderId === clientOrderId),
  );
  bench.trade(adopted, { quantity: "1" });
  const close = bench.working("close");
  assert.equal(close.order.quantity, "1");
  bench.trade(close);
  bench.over(bench.working("entry"));
  assert.equal(bench.account.view().tradingState, "active");
  const { trades, position } = bench.account.view();
  assert.deepEqual([trades, position], [1, null]);
});

Deno.test("an id of somebody else, or one that was used and forgotten, is not taken in", () => {
  const bench = new VenueBench();
  bench.enter({ targetPrice: null });
  const stop = bench.working("stop");
  const before = bench.appends.length;
  for (const clientOrderId of ["xyzagent001e00000", "web_123", null]) {
    bench.trade({ ...stop, clientOrderId: clientOrderId! }, { clientOrderId });
  }
  assert.equal(bench.appends.length, before);
});

Deno.test("an account at a venue cannot be opened without its ports", () => {
  const { config } = new VenueBench().account;
  assert.throws(() => DeskAccount.open({ config }), /needs the venue's ports/);
});
