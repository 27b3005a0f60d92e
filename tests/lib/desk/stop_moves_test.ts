import assert from "node:assert/strict";
import type { DeskEvent } from "../../../lib/contracts/order.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { readAgentMessage } from "../../../lib/desk/agent_message.ts";
import type { JournalEntry } from "../../../lib/desk/journal/records.ts";
import { skip, typesOf } from "./open_account.ts";
import { accountConfig, candle, submit } from "./support.ts";

/** A journaled account with a position from candle 1 on, its stop at 98 (long) or 102 (short). */
class Bench {
  readonly entries: JournalEntry[] = [];
  account: DeskAccount;

  constructor(readonly side: "buy" | "sell" = "buy") {
    this.account = DeskAccount.open({
      config: accountConfig(),
      sink: { append: (added) => void this.entries.push(...added) },
    });
    this.step(0, 100);
    this.account.decide(submit(0, {
      side,
      stopPrice: this.flip(98),
      targetPrice: null,
    }));
    this.step(1, 100);
  }

  /** The price as the bench's side has it. */
  flip(price: number): number {
    return this.side === "buy" ? price : 200 - price;
  }

  step(seq: number, close: number, low = close): readonly DeskEvent[] {
    const [price, reach] = [this.flip(close), this.flip(low)];
    return this.account.step(candle(seq, {
      close: price,
      low: Math.min(price, reach),
      high: Math.max(price, reach),
    })).events;
  }

  move(seq: number, stopPrice: number, intentId = "0.0"): void {
    this.account.decide({
      type: "decided",
      seq,
      actions: [{
        kind: "moveStop",
        intentId,
        stopPrice: this.flip(stopPrice),
        reason: "The stop follows",
      }],
    });
  }

  get stop(): number {
    return this.flip(Number(this.account.view().position?.stopPrice));
  }

  /** The account as its journal gives it back. */
  recover(): DeskAccount {
    return DeskAccount.recover(structuredClone(this.entries), {
      append: (added) => void this.entries.push(...added),
    });
  }
}

for (const side of ["buy", "sell"] as const) {
  Deno.test(`moveStop() moves the stop of a ${side} in favour, live from the next candle, and tells of it`, () => {
    const bench = new Bench(side);
    bench.move(1, 99);
    assert.equal(bench.stop, 99);
    assert.equal(bench.account.view().openOrders.length, 1, "no target");
    const events = bench.step(2, 99.5, 98.9);
    assert.deepEqual(typesOf(events), [
      "canceled stop",
      "accepted stop",
      "filled stop",
      "closed stop",
    ]);
    assert.equal(bench.account.view().position, null);
  });

  Deno.test(`moveStop() of a ${side} is denied against the position, beyond the close, and without a price`, () => {
    const bench = new Bench(side);
    bench.move(1, 97.9);
    assert.deepEqual(typesOf(bench.step(2, 100)), [
      "not moved STOP_NOT_FAVOURABLE",
    ]);
    for (
      const [seq, price, code] of [
        [2, 100, "STOP_WRONG_SIDE"],
        [3, 101, "STOP_WRONG_SIDE"],
        [4, NaN, "ORDER_INVALID"],
        [5, 98, "STOP_NOT_FAVOURABLE"],
      ] as const
    ) {
      bench.move(seq, price);
      assert.deepEqual(typesOf(bench.step(seq + 1, 100)), [
        `not moved ${code}`,
      ]);
    }
    assert.equal(bench.stop, 98);
    assert.ok(
      bench.account.view().position !== null,
      "the position stays as it is",
    );
  });
}

Deno.test("moveStop() of another intent or without a position changes nothing", () => {
  const bench = new Bench();
  bench.move(1, 99, "7.0");
  assert.deepEqual(bench.step(2, 100), []);
  bench.account.decide({
    type: "decided",
    seq: 2,
    actions: [{ kind: "close", reason: "Enough" }],
  });
  bench.step(3, 100);
  bench.move(3, 99);
  assert.deepEqual(bench.step(4, 100), []);
});

Deno.test("moveStop() is journaled: a recovery has the same book, also from a later segment", () => {
  const bench = new Bench();
  const moves = [[1, 98.5], [2, 99], [3, 98.7], [4, 99.4]] as const;
  for (const [seq, price] of moves) {
    bench.move(seq, price);
    const { account } = bench;
    const start = account.toSegmentStart({ segment: 2, newestEpoch: 1 });
    const later = DeskAccount.recover([start], { append: () => {} });
    const recovered = bench.recover();
    const next = candle(seq + 1, { close: 100 });
    const told = account.step(next);
    for (const other of [later, recovered]) {
      assert.deepEqual(other.step(next).events, told.events);
      assert.deepEqual(other.view(), account.view());
    }
  }
  assert.equal(bench.stop, 99.4);
});

Deno.test("moveStop() changes nothing when its decision comes again after a crash, moved or denied", () => {
  for (const price of [99, 97]) {
    const bench = new Bench();
    bench.move(1, price);
    bench.account = bench.recover();
    const { length } = bench.entries;
    assert.equal(bench.account.decidedSeq, 0, "the decision is due again");
    bench.move(1, price);
    assert.equal(bench.entries.length, length);
    const events = typesOf(bench.step(2, 100));
    assert.deepEqual(
      events,
      price === 99
        ? ["canceled stop", "accepted stop"]
        : ["not moved STOP_NOT_FAVOURABLE"],
    );
  }
});

Deno.test("moveStop() moves a stop once in a decision", () => {
  const bench = new Bench();
  const move = (stopPrice: number) => ({
    kind: "moveStop" as const,
    intentId: "0.0",
    stopPrice,
    reason: "The stop follows",
  });
  bench.account.decide({
    type: "decided",
    seq: 1,
    actions: [move(99), move(99.5)],
  });
  assert.equal(bench.stop, 99);
});

Deno.test("desk takes an entry without a target, which ends at its stop only", () => {
  const bench = new Bench();
  skip(bench.account, 1);
  bench.step(2, 150);
  assert.equal(bench.account.view().position?.targetPrice, null);
  skip(bench.account, 2);
  assert.deepEqual(typesOf(bench.step(3, 97)), ["filled stop", "closed stop"]);
});

Deno.test("readAgentMessage() reads a move of a stop and an entry without a target", () => {
  const move = {
    kind: "moveStop",
    intentId: "1.0",
    stopPrice: 99,
    reason: "x",
  };
  const read = readAgentMessage({
    type: "decided",
    seq: 1,
    actions: [move, { ...move, stopPrice: "99" }],
  });
  assert.ok(read?.type === "decided");
  assert.deepEqual(read.actions, [move, { ...move, stopPrice: NaN }]);
  const sent = submit(1, { targetPrice: null });
  assert.deepEqual(readAgentMessage(sent), sent);
  const { targetPrice: _, ...without } = sent.actions[0]!.intent;
  const wrong = readAgentMessage({
    ...sent,
    actions: [{ kind: "submit", intent: without }],
  });
  assert.ok(wrong?.type === "decided" && wrong.actions[0]?.kind === "submit");
  assert.ok(Number.isNaN(wrong.actions[0].intent.targetPrice));
});
