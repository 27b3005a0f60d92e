import type { Output } from "../actors/behavior.ts";
import {
  type DeskStepped,
  type DeskToAgent,
  type FeedMessage,
  LINKS,
} from "../lib/contracts/links.ts";
import type { DeskAction } from "../lib/contracts/order.ts";
import { assert, assertNever } from "../lib/core/assert.ts";
import type { PackedCandles } from "./market/candle_batch.ts";
import {
  toAttachment,
  toConsumed,
  toDecided,
  toReport,
  toSubscribe,
} from "./outputs.ts";
import type { ReportLine } from "./agent_report.ts";
import {
  CANDLES_WINDOW,
  CONSUMED_EVERY,
  StepSequencer,
} from "./step_sequencer.ts";

/** What decides on candles. */
export interface CandleDecider {
  /**
   * Decides on one candle: the one at `batchIndex` of `batch`, with what the
   * desk said of it. Called once for each candle, in order.
   */
  decide(
    batch: PackedCandles,
    batchIndex: number,
    step: DeskStepped,
  ): readonly DeskAction[];
  /** Log lines of the candle that was decided last, or null where there is no news. */
  flush(): readonly ReportLine[] | null;
  /** Messages about the candle that was decided last; they leave before the decision. */
  tell?(): readonly Output[];
  /**
   * Called once for each candle before {@link isReady} is asked about it, and
   * again after a start; answers with what has to be asked before the decision.
   * Left out, there is nothing to ask.
   */
  prepare?(batch: PackedCandles, batchIndex: number): readonly Output[];
  /** Whether everything but candle and step is here that the decision on `seq` waits for; left out, there is nothing else. */
  isReady?(seq: number): boolean;
}

/** Where a loop stands. Part of an agent's snapshot. */
export interface CandleLoopSnapshot {
  decidedSeq: number;
  /** What was decided on that candle; null before the first decision. */
  lastActions: readonly DeskAction[] | null;
  endedSeq: number | null;
}

const NOTHING: readonly Output[] = [];

/**
 * What all agents that trade a market have in common: it joins the candles of
 * the feed with the steps of the desk, has each candle decided once, and tells
 * desk, feed and owner.
 */
export class CandleLoop {
  readonly #decider: CandleDecider;
  readonly #sequencer: StepSequencer;
  #endedSeq: number | null;
  #lastActions: readonly DeskAction[] | null;
  /** Last candle that was prepared. */
  #preparedSeq: number;

  /** Goes on after `decidedSeq`; −1 before the first candle. */
  constructor(
    decider: CandleDecider,
    { decidedSeq, lastActions, endedSeq }: CandleLoopSnapshot,
  ) {
    this.#decider = decider;
    this.#sequencer = new StepSequencer(decidedSeq);
    this.#preparedSeq = decidedSeq;
    this.#lastActions = lastActions;
    this.#endedSeq = endedSeq;
  }

  get decidedSeq(): number {
    return this.#sequencer.decidedSeq;
  }

  /** Whether the feed ended and its last candle is decided. */
  get hasEnded(): boolean {
    return this.#endedSeq !== null && this.decidedSeq >= this.#endedSeq;
  }

  /** The candle that only the decider holds up, because it is not ready; null where there is none. */
  get heldUpSeq(): number | null {
    const seq = this.decidedSeq + 1;
    const isHeldUp = this.#sequencer.isReady &&
      this.#decider.isReady?.(seq) === false;
    return isHeldUp ? seq : null;
  }

  /** Answers the opening of a link of feed or desk; nothing for another one. */
  linkOpened(link: string): readonly Output[] {
    if (link === LINKS.feed) {
      this.#sequencer.reopenFeed();
      return [toSubscribe(this.decidedSeq + 1, CANDLES_WINDOW)];
    }
    if (link === LINKS.desk) {
      this.#sequencer.reopenDesk();
      return toAttachment(this.decidedSeq, this.#lastActions);
    }
    return NOTHING;
  }

  /**
   * Takes a message of feed or desk, and decides what can be decided.
   *
   * @throws {DefectError} On another link or a message that breaks the protocol.
   */
  receive(link: string, message: unknown): readonly Output[] {
    if (link === LINKS.feed) {
      this.#receiveFeed(message as FeedMessage);
    } else if (link === LINKS.desk) {
      const step = message as DeskToAgent;
      assert(step.type === "stepped", `Unknown desk message "${step.type}"`);
      this.#sequencer.offerStep(step);
    } else {
      assert(false, `Message on unknown link "${link}"`);
    }
    return this.run();
  }

  /** Decides what can be decided. To be called, too, when what a decider waits for has come. */
  run(): readonly Output[] {
    if (!this.#sequencer.isReady) return NOTHING;
    const outputs: Output[] = [];
    while (this.#isReady(outputs)) this.#decideCandle(outputs);
    return outputs;
  }

  snapshot(): CandleLoopSnapshot {
    return {
      decidedSeq: this.decidedSeq,
      lastActions: this.#lastActions,
      endedSeq: this.#endedSeq,
    };
  }

  /** Has the next candle prepared, where that is wanted, before it asks. */
  #isReady(outputs: Output[]): boolean {
    if (!this.#sequencer.isReady) return false;
    const decider = this.#decider;
    const seq = this.decidedSeq + 1;
    if (decider.prepare !== undefined && this.#preparedSeq < seq) {
      const { batch, batchIndex } = this.#sequencer;
      this.#preparedSeq = seq;
      outputs.push(...decider.prepare(batch, batchIndex));
    }
    return decider.isReady === undefined || decider.isReady(seq);
  }

  #receiveFeed(message: FeedMessage): void {
    switch (message.type) {
      case "candles":
        this.#sequencer.offerCandles(message);
        return;
      case "ended":
        this.#endedSeq = message.lastSeq;
        return;
      // An agent decides on closed candles; these concern its desk.
      case "quote":
      case "stale":
        return;
      default:
        assertNever(message, "feed message");
    }
  }

  #decideCandle(outputs: Output[]): void {
    const { batch, batchIndex, step } = this.#sequencer;
    const actions = this.#decider.decide(batch, batchIndex, step);
    this.#sequencer.advance();
    this.#lastActions = actions;
    const told = this.#decider.tell?.();
    if (told !== undefined && told.length > 0) outputs.push(...told);
    outputs.push(toDecided(step.seq, actions));
    if (step.seq % CONSUMED_EVERY === 0) outputs.push(toConsumed(step.seq));
    const logs = this.#decider.flush();
    if (logs !== null) outputs.push(toReport(logs));
  }
}
