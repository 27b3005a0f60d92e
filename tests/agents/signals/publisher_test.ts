import assert from "node:assert/strict";
import {
  SIGNALS_AHEAD_MAX,
  SIGNALS_UNHEARD_MAX,
  SIGNALS_WINDOW,
} from "../../../agents/signals/limits.ts";
import { SignalPublisher } from "../../../agents/signals/publisher.ts";
import {
  type Signal,
  SIGNALS_KEPT_MAX,
  type SignalsTold,
} from "../../../lib/contracts/signal.ts";
import { enterSignal } from "./fixtures.ts";
import { told } from "./signals_support.ts";

function listen(publisher: SignalPublisher, fromSeq: number, agentId = "l1") {
  return told(publisher.receive(agentId, {
    type: "listen",
    fromSeq,
    windowCandles: SIGNALS_WINDOW,
  }));
}

/** Publishes candles, each with the signals that `of` gives it. */
function publish(
  publisher: SignalPublisher,
  [fromSeq, toSeq]: [number, number],
  of: (seq: number) => Signal[] = () => [],
): SignalsTold[] {
  const all: SignalsTold[] = [];
  for (let seq = fromSeq; seq <= toSeq; seq++) {
    all.push(...told(publisher.publish(seq, of(seq))));
  }
  return all;
}

const one = (seq: number) => [enterSignal({ seq })];

Deno.test("SignalPublisher tells every decided candle, the empty ones too, and after listen everything from there in one message", () => {
  const publisher = new SignalPublisher({ decidedSeq: -1 });
  publish(publisher, [0, 9], (seq) => seq % 3 === 0 ? one(seq) : []);
  const first = listen(publisher, 4);
  assert.deepEqual(first, [{
    type: "signals",
    fromSeq: 4,
    toSeq: 9,
    signals: [enterSignal({ seq: 6 }), enterSignal({ seq: 9 })],
  }]);
  assert.deepEqual(publish(publisher, [10, 11]), [
    { type: "signals", fromSeq: 10, toSeq: 10, signals: [] },
    { type: "signals", fromSeq: 11, toSeq: 11, signals: [] },
  ]);
});

Deno.test("SignalPublisher tells nothing of candles before the first one that was asked for", () => {
  const publisher = new SignalPublisher({ decidedSeq: 99 });
  assert.deepEqual(listen(publisher, 105), []);
  const messages = publish(publisher, [100, 106], one);
  assert.deepEqual(messages.map(({ fromSeq }) => fromSeq), [105, 106]);
});

Deno.test("SignalPublisher goes no further ahead of what was taken than the window", () => {
  const publisher = new SignalPublisher({ decidedSeq: -1 });
  listen(publisher, 0);
  const messages = publish(publisher, [0, SIGNALS_WINDOW + 50], one);
  assert.equal(messages.at(-1)!.toSeq, SIGNALS_WINDOW - 1);
  const more = told(publisher.receive("l1", { type: "taken", seq: 9 }));
  assert.equal(more.length, 1);
  assert.equal(more[0]!.fromSeq, SIGNALS_WINDOW);
  assert.equal(more[0]!.toSeq, SIGNALS_WINDOW + 9);
});

Deno.test("SignalPublisher says what it has dropped, and keeps little for nobody", () => {
  const publisher = new SignalPublisher({ decidedSeq: -1 });
  publish(publisher, [0, SIGNALS_UNHEARD_MAX + 9], one);
  const [message] = listen(publisher, 0);
  assert.equal(message!.lostBeforeSeq, 10);
  assert.equal(message!.signals[0]!.seq, 10);
  assert.equal(publisher.snapshot().kept.length, SIGNALS_UNHEARD_MAX);
});

Deno.test("SignalPublisher keeps for one that is away until there is no room, and forgets it then", () => {
  const publisher = new SignalPublisher({ decidedSeq: -1 });
  listen(publisher, 0);
  publisher.close("l1");
  publish(publisher, [0, SIGNALS_KEPT_MAX - 1], one);
  assert.equal(publisher.snapshot().kept.length, SIGNALS_KEPT_MAX);
  assert.equal(publisher.mustWait, false);
  const seq = SIGNALS_KEPT_MAX;
  publish(publisher, [seq, seq], one);
  assert.deepEqual(publisher.snapshot().listeners, []);
  const [message] = listen(publisher, 0);
  assert.equal(message!.lostBeforeSeq, 1);
});

Deno.test("SignalPublisher is to wait for a listener that has stored too little, and no longer once it has or is away", () => {
  const publisher = new SignalPublisher({ decidedSeq: -1 });
  listen(publisher, 0);
  publish(publisher, [0, SIGNALS_AHEAD_MAX - 2], one);
  assert.equal(publisher.mustWait, false);
  publish(publisher, [SIGNALS_AHEAD_MAX - 1, SIGNALS_AHEAD_MAX - 1], one);
  assert.equal(publisher.mustWait, true);
  publisher.close("l1");
  assert.equal(publisher.mustWait, false);
  listen(publisher, 0);
  assert.equal(publisher.mustWait, true);
  publisher.receive("l1", { type: "kept", seq: 5 });
  assert.equal(publisher.mustWait, false);
  assert.equal(publisher.snapshot().kept.length, SIGNALS_AHEAD_MAX - 6);
});

Deno.test("SignalPublisher forgets only what every listener has stored", () => {
  const publisher = new SignalPublisher({ decidedSeq: -1 });
  listen(publisher, 0, "l1");
  listen(publisher, 0, "l2");
  publish(publisher, [0, 20], one);
  publisher.receive("l1", { type: "kept", seq: 15 });
  assert.equal(publisher.snapshot().kept.length, 21);
  publisher.close("l1");
  publisher.receive("l2", { type: "kept", seq: 7 });
  assert.equal(publisher.snapshot().kept[0]!.seq, 8);
});
