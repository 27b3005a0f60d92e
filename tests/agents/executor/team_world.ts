import type { Output } from "../../../actors/behavior.ts";
import { executor } from "../../../agents/executor.ts";
import type { ExecutorSnapshot } from "../../../agents/execution_plan/executor_state.ts";
import {
  SignalPublisher,
  type SignalPublisherSnapshot,
} from "../../../agents/signals/publisher.ts";
import type { Candle } from "../../../lib/contracts/candle.ts";
import { LINKS, sourceOfLink } from "../../../lib/contracts/links.ts";
import type { Signal } from "../../../lib/contracts/signal.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { toBatch } from "../../lib/desk/batch.ts";
import { MemoryStorage } from "../../lib/desk/memory_storage.ts";
import { AGENT, Bench, CANDLES } from "../../lib/desk/program_world.ts";
import type { ConfigChange } from "../../lib/desk/support.ts";
import { executorConfig, type RunOptions } from "./executor_run.ts";

/** What a source of a team says of its candles. */
export type Script = (sourceId: string, candle: Candle) => readonly Signal[];

interface Source {
  id: string;
  publisher: SignalPublisher;
  decidedSeq: number;
  stored: { decidedSeq: number; state: SignalPublisherSnapshot } | null;
  /** On their way to the executor, and from it. */
  out: unknown[];
  back: unknown[];
}

/**
 * An executor, its sources and the real desk, joined by queues. Which message
 * goes next, and who fails, is for the dice; what they trade must not be.
 */
export class TeamWorld {
  readonly #rng: ReturnType<typeof createRng>;
  readonly #candles: readonly Candle[];
  readonly #script: Script;
  readonly #config: ReturnType<typeof executorConfig>;
  readonly #account: ConfigChange;
  readonly #storage = new MemoryStorage();
  readonly sources: Source[];
  #bench: Bench;
  /** The next candle that the desk is to be given. */
  #deskSeq = 0;
  #sentCount = 0;
  #agent: ReturnType<typeof executor.start>;
  #epoch = 1;
  #nextFeedSeq = 0;
  #untilFeedSeq = 0;
  #fromDesk: unknown[] = [];
  #toDesk: unknown[] = [];
  #stored: ExecutorSnapshot[] = [];
  /** Newest candle that the executor has decided on. */
  #decidedSeq = -1;

  constructor(
    seed: number,
    { candles, script, account = {}, ...options }: RunOptions & {
      candles: readonly Candle[];
      script: Script;
      account?: ConfigChange;
    },
  ) {
    this.#rng = createRng(seed);
    this.#candles = candles;
    this.#script = script;
    this.#account = account;
    this.#config = executorConfig({ sources: ["s1", "s2"], ...options });
    this.sources = this.#config.config.sources.map((id) => ({
      id,
      publisher: new SignalPublisher({ decidedSeq: -1 }),
      decidedSeq: -1,
      stored: null,
      out: [],
      back: [],
    }));
    this.#bench = this.#openDesk();
    this.#agent = this.#startAgent(null);
  }

  get isDone(): boolean {
    return this.#decidedSeq >= this.#candles.length - 1;
  }

  async account() {
    return (await this.#bench.ask({ type: "account" })).account;
  }

  #openDesk(): Bench {
    const bench = new Bench([this.#account], { storage: this.#storage });
    bench.desk.linkOpened!(CANDLES, { peerId: "feed", peerEpoch: 1 });
    this.#sentCount = 0;
    return bench;
  }

  #startAgent(snapshot: ExecutorSnapshot | null) {
    this.#agent = executor.start({
      actorId: "agt_1",
      config: this.#config,
      snapshot: structuredClone(snapshot),
    });
    this.#emit(this.#agent.linkOpened(LINKS.feed, null));
    this.#joinDesk();
    for (const source of this.sources) this.#joinSource(source);
    return this.#agent;
  }

  #joinDesk(): void {
    this.#fromDesk = [];
    this.#toDesk = [];
    this.#bench.desk.linkClosed!(AGENT);
    this.#bench.desk.linkOpened!(AGENT, {
      peerId: "agt_1",
      peerEpoch: this.#epoch,
    });
    this.#hearDesk();
    this.#fromDesk = [];
    this.#emit(this.#agent.linkOpened(LINKS.desk, null));
  }

  #joinSource(source: Source): void {
    source.publisher.close("agt_1");
    source.out = [];
    source.back = [];
    this.#emit(this.#agent.linkClosed!(LINKS.sourceOf(source.id)));
    this.#emit(this.#agent.linkOpened(LINKS.sourceOf(source.id), null));
  }

  /** Does one thing that the dice choose. */
  step({ incidents }: { incidents: number }): void {
    const dice = this.#rng.next();
    const source = this.sources[
      Math.floor(this.#rng.next() * this.sources.length)
    ]!;
    if (dice < incidents) this.#incident(source);
    else if (dice < 0.2) this.#publish(source);
    else if (dice < 0.4) this.#deliver(source);
    else if (dice < 0.6) this.#feedAgent();
    else if (dice < 0.75) this.#feedDesk();
    else if (dice < 0.87) {
      const message = this.#toDesk.shift();
      if (message !== undefined) this.#bench.agent(message);
    } else {
      const message = this.#fromDesk.shift();
      if (message !== undefined) {
        this.#emit(this.#agent.receive(LINKS.desk, message));
      }
    }
    this.#hearDesk();
  }

  #publish(source: Source): void {
    const candle = this.#candles[source.decidedSeq + 1];
    if (candle === undefined || source.publisher.mustWait) return;
    source.decidedSeq++;
    this.#post(
      source,
      source.publisher.publish(
        source.decidedSeq,
        this.#script(source.id, candle),
      ),
    );
  }

  #deliver(source: Source): void {
    const back = source.back.shift();
    if (back !== undefined) {
      this.#post(source, source.publisher.receive("agt_1", back));
    }
    const out = source.out.shift();
    if (out === undefined) return;
    this.#emit(this.#agent.receive(LINKS.sourceOf(source.id), out));
  }

  #feedAgent(): void {
    const candle = this.#candles[this.#nextFeedSeq];
    if (candle === undefined || this.#nextFeedSeq > this.#untilFeedSeq) return;
    this.#nextFeedSeq++;
    this.#emit(this.#agent.receive(LINKS.feed, toBatch([candle])));
  }

  #feedDesk(): void {
    const candle = this.#candles[this.#deskSeq];
    if (candle === undefined) return;
    this.#deskSeq++;
    void this.#bench.desk.receive(CANDLES, toBatch([candle]));
  }

  #hearDesk(): void {
    const { sent } = this.#bench;
    for (; this.#sentCount < sent.length; this.#sentCount++) {
      const { link, message } = sent[this.#sentCount]!;
      if (link === AGENT) this.#fromDesk.push(message);
      const { type, fromSeq } = message as { type: string; fromSeq: number };
      if (link === CANDLES && type === "subscribe") this.#deskSeq = fromSeq;
    }
  }

  #post(source: Source, outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.to === "link") {
        source.out.push(structuredClone(output.message));
      }
    }
  }

  #emit(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.to !== "link") continue;
      const { link } = output;
      const message = structuredClone(output.message);
      const sourceId = sourceOfLink(link);
      if (sourceId !== null) {
        this.sources.find(({ id }) => id === sourceId)!.back.push(message);
      } else if (link === LINKS.desk) {
        this.#toDesk.push(message);
        const { type, seq } = message as { type: string; seq: number };
        if (type === "decided") this.#decidedSeq = seq;
      } else this.#tellFeed(message);
    }
  }

  #tellFeed(message: unknown): void {
    const { type, fromSeq, seq } = message as {
      type: string;
      fromSeq: number;
      seq: number;
    };
    if (type === "subscribe") {
      this.#nextFeedSeq = fromSeq;
      this.#untilFeedSeq = fromSeq + 511;
    } else this.#untilFeedSeq = seq + 512;
  }

  #incident(source: Source): void {
    const dice = this.#rng.next();
    if (dice < 0.3) {
      this.#stored.push(structuredClone(this.#agent.snapshot()));
      this.#stored = this.#stored.slice(-3);
      this.#emit(this.#agent.snapshotTaken!());
    } else if (dice < 0.45) {
      source.stored = structuredClone({
        decidedSeq: source.decidedSeq,
        state: source.publisher.snapshot(),
      });
    } else if (dice < 0.6) {
      source.decidedSeq = source.stored?.decidedSeq ?? -1;
      source.publisher = new SignalPublisher(source);
      if (source.stored !== null) source.publisher.restore(source.stored.state);
      this.#joinSource(source);
    } else if (dice < 0.8) {
      // The newest snapshot may have missed the store.
      const at = this.#rng.next() < 0.5 ? -1 : -2;
      const stored = this.#stored.at(at) ?? this.#stored.at(-1) ?? null;
      if (stored !== null) this.#stored = [stored];
      this.#epoch++;
      this.#startAgent(stored);
    } else {
      this.#bench = this.#openDesk();
      this.#deskSeq = 0;
      this.#hearDesk();
      this.#joinDesk();
    }
  }
}
