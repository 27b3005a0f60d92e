import assert from "node:assert/strict";
import fc from "fast-check";
import type { Output } from "../../../actors/behavior.ts";
import {
  SIGNALS_AHEAD_MAX,
  SIGNALS_UNHEARD_MAX,
  SIGNALS_WINDOW,
  TAKEN_EVERY,
} from "../../../agents/signals/limits.ts";
import { SignalPublisher } from "../../../agents/signals/publisher.ts";
import { SignalSources } from "../../../agents/signals/sources.ts";
import {
  type Signal,
  SIGNALS_KEPT_MAX,
  type SignalsTold,
} from "../../../lib/contracts/signal.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { enterSignal } from "./fixtures.ts";

function told(outputs: readonly Output[]): SignalsTold[] {
  return outputs.flatMap((output) =>
    output.to === "link" ? [output.message as SignalsTold] : []
  );
}

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

Deno.test("SignalSources refuses a gap between two messages", () => {
  const sources = new SignalSources({
    sourceIds: ["s1"],
    decidedSeq: 9,
    snapshot: null,
  });
  sources.open("s1");
  assert.throws(
    () =>
      sources.receive("s1", {
        type: "signals",
        fromSeq: 11,
        toSeq: 11,
        signals: [],
      }),
    /must go on at 10/,
  );
});

Deno.test("SignalSources keeps the number of a source when others come and go", () => {
  const start = (sourceIds: string[], before?: SignalSources) =>
    new SignalSources({
      sourceIds,
      decidedSeq: 0,
      snapshot: before?.snapshot() ?? null,
    });
  const slots = (sources: SignalSources) =>
    sources.snapshot().sources.map(({ sourceId, slot }) =>
      `${sourceId}${slot}`
    );
  const first = start(["a", "b"]);
  assert.deepEqual(slots(first), ["a0", "b1"]);
  const second = start(["b", "c"], first);
  assert.deepEqual(slots(second), ["b1", "c0"]);
});

Deno.test("SignalSources says that a snapshot is stored when two more were taken", () => {
  const sources = new SignalSources({
    sourceIds: ["s1"],
    decidedSeq: -1,
    snapshot: null,
  });
  sources.open("s1");
  const hear = (seq: number) => {
    sources.receive("s1", {
      type: "signals",
      fromSeq: seq,
      toSeq: seq,
      signals: [],
    });
    sources.take(seq);
  };
  hear(0);
  assert.deepEqual(sources.snapshotTaken(), []);
  hear(1);
  assert.deepEqual(sources.snapshotTaken(), []);
  hear(2);
  assert.deepEqual(told(sources.snapshotTaken()), [{ type: "kept", seq: 0 }]);
  assert.deepEqual(told(sources.open("s1"))[1], { type: "kept", seq: 0 });
});

/** Two sources and one listener over links that deliver when the dice say so, with ends that fail and start again from snapshots. */
class TalkWorld {
  readonly #rng: ReturnType<typeof createRng>;
  readonly sources = ["s1", "s2"].map((id) => ({
    id,
    publisher: new SignalPublisher({ decidedSeq: -1 }),
    decidedSeq: -1,
    stored: null as
      | null
      | { decidedSeq: number; state: ReturnType<SignalPublisher["snapshot"]> },
    toListener: [] as SignalsTold[],
    toSource: [] as unknown[],
  }));
  listener = this.#start(-1, null);
  decidedSeq = -1;
  #stored: {
    decidedSeq: number;
    state: ReturnType<SignalSources["snapshot"]>;
  }[] = [];
  /** What was decided on, by candle; a redo overwrites, and has to agree. */
  readonly decided = new Map<number, string>();

  constructor(seed: number) {
    this.#rng = createRng(seed);
  }

  #start(
    decidedSeq: number,
    snapshot: ReturnType<SignalSources["snapshot"]> | null,
  ): SignalSources {
    return new SignalSources({ sourceIds: ["s1", "s2"], decidedSeq, snapshot });
  }

  signalsOf(id: string, seq: number): Signal[] {
    const salt = id === "s1" ? 3 : 5;
    const count = (seq * 7 + salt) % 11 < 3 ? 1 + seq % 2 : 0;
    return Array.from(
      { length: count },
      (_, number) => enterSignal({ seq, number, strategy: id }),
    );
  }

  #post(source: TalkWorld["sources"][number], outputs: readonly Output[]) {
    for (const output of outputs) {
      if (output.to !== "link") continue;
      if (output.link === `listener:l1`) {
        source.toListener.push(output.message as SignalsTold);
      } else {
        const to = this.sources.find(({ id }) =>
          output.link === `source:${id}`
        )!;
        to.toSource.push(output.message);
      }
    }
  }

  connect(source: TalkWorld["sources"][number]) {
    source.publisher.close("l1");
    source.toListener = [];
    source.toSource = [];
    this.#post(source, this.listener.open(source.id));
  }

  /** One step of whatever the dice choose. */
  step() {
    const source = this.sources[Math.floor(this.#rng.next() * 2)]!;
    const dice = this.#rng.next();
    if (dice < 0.3) {
      if (source.publisher.mustWait) return;
      source.decidedSeq++;
      this.#post(
        source,
        source.publisher.publish(
          source.decidedSeq,
          this.signalsOf(source.id, source.decidedSeq),
        ),
      );
    } else if (dice < 0.55) {
      const message = source.toListener.shift();
      if (message !== undefined) this.listener.receive(source.id, message);
    } else if (dice < 0.65) {
      const message = source.toSource.shift();
      if (message !== undefined) {
        this.#post(source, source.publisher.receive("l1", message));
      }
    } else if (dice < 0.95) this.decide();
    else this.#incident(source);
  }

  decide() {
    const seq = this.decidedSeq + 1;
    if (!this.listener.isReady(seq)) return;
    const text = this.listener.take(seq).map(({ sourceId, signal }) =>
      `${sourceId}:${signal.signalId}`
    ).join(" ");
    assert.equal(this.decided.get(seq) ?? text, text);
    this.decided.set(seq, text);
    this.decidedSeq = seq;
    this.#post(this.sources[0]!, this.listener.tellTaken());
  }

  #incident(source: TalkWorld["sources"][number]) {
    const dice = this.#rng.next();
    if (dice < 0.3) {
      source.stored = structuredClone({
        decidedSeq: source.decidedSeq,
        state: source.publisher.snapshot(),
      });
    } else if (dice < 0.6) {
      this.#stored.push(structuredClone({
        decidedSeq: this.decidedSeq,
        state: this.listener.snapshot(),
      }));
      this.#post(source, this.listener.snapshotTaken());
    } else if (dice < 0.8) {
      source.decidedSeq = source.stored?.decidedSeq ?? -1;
      source.publisher = new SignalPublisher(source);
      if (source.stored !== null) source.publisher.restore(source.stored.state);
      this.connect(source);
    } else {
      // The newest snapshot may have missed the store.
      const back = Math.floor(this.#rng.next() * 2) + 1;
      const stored = this.#stored.at(-back) ?? this.#stored.at(0);
      // What was started from is in the store for good.
      if (stored !== undefined) this.#stored = [stored];
      this.decidedSeq = stored?.decidedSeq ?? -1;
      this.listener = this.#start(this.decidedSeq, stored?.state ?? null);
      this.sources.forEach((each) => this.connect(each));
    }
  }
}

Deno.test("Signals reach the listener once, in one order and without loss, whoever fails when", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const world = new TalkWorld(seed);
      world.sources.forEach((source) => world.connect(source));
      for (let step = 0; step < 4_000; step++) world.step();
      assert.deepEqual(world.listener.takeLost(), []);
      for (const [seq, text] of world.decided) {
        const expected = ["s1", "s2"].flatMap((id) =>
          world.signalsOf(id, seq).map(({ signalId }) => `${id}:${signalId}`)
        );
        assert.equal(text, expected.join(" "));
      }
      assert.ok(world.decided.size > TAKEN_EVERY / 8, `${world.decided.size}`);
    }),
    { numRuns: 40 },
  );
});
