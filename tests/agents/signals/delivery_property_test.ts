import assert from "node:assert/strict";
import fc from "fast-check";
import type { Output } from "../../../actors/behavior.ts";
import { TAKEN_EVERY } from "../../../agents/signals/limits.ts";
import { SignalPublisher } from "../../../agents/signals/publisher.ts";
import { SignalSources } from "../../../agents/signals/sources.ts";
import type { Signal, SignalsTold } from "../../../lib/contracts/signal.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { enterSignal } from "./fixtures.ts";

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
