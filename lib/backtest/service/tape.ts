/**
 * One run, recorded so that every candle of it can be looked at again: what the
 * desk told the agent at each candle, what the agent asked for, and the agent's
 * own state now and then. The agent is deterministic, so from a kept state and
 * the recorded steps it comes to the same state at any candle.
 *
 * @module
 */
import { type EnsembleView, viewOfDecision } from "../../../agents/mod.ts";
import type { Output } from "../../../actors/behavior.ts";
import type { EquityPoint } from "../../contracts/account.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { AgentChart, AgentQuery } from "../../contracts/chart.ts";
import { TRADING_STATES } from "../../contracts/lifecycle.ts";
import {
  type AgentDecided,
  type CandleBatch,
  type DeskStepped,
  LINKS,
} from "../../contracts/links.ts";
import type { EngineDecisionView } from "../../contracts/decisions.ts";
import type { AgentReport } from "../../contracts/log.ts";
import type { DeskAction, DeskEvent, Trade } from "../../contracts/order.ts";
import type {
  ReplayNote,
  ReplayStep,
  ReplayView,
} from "../../contracts/replay.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";
import { toHedgeRows } from "../../exchange/joined_series.ts";
import { type AgentBehavior, runBacktest } from "../engine.ts";
import {
  REPLAY_CHART_CANDLES,
  TAPE_EQUITY_POINTS,
  TAPE_SNAPSHOTS,
} from "./limits.ts";
import { type Exchange, observed, withNotes } from "./observed.ts";

/** What a tape is recorded from. */
export interface TapeOptions {
  candles: CandleSeries;
  config: AgentConfig;
  behavior: AgentBehavior;
}

type Agent = ReturnType<AgentBehavior["start"]>;

/** What is seen of the agent at a candle. */
export type TapeLook = Pick<ReplayView, "chart" | "noted" | "engine">;

/** An agent that has decided on candle `seq`, with what it noted there. */
interface TapePlace {
  agent: Agent;
  seq: number;
  noted: readonly ReplayNote[];
}

const NOTHING: readonly never[] = [];
const AGENT_ID = "backtest";

/** Records a whole run. */
export async function recordTape(options: TapeOptions): Promise<Tape> {
  const tape = new Tape(options);
  await runBacktest({
    ...options,
    behavior: observed(options.behavior, (exchange) => tape.take(exchange)),
  });
  return tape;
}

/** See the module's description. */
export class Tape {
  readonly #options: TapeOptions;
  /** Per candle: whether a position was open (bit 2) and the trading state (bits 0 and 1). */
  readonly #books: Uint8Array;
  readonly #told = new Map<number, readonly DeskEvent[]>();
  readonly #decided = new Map<number, readonly DeskAction[]>();
  readonly #snapshots: { seq: number; state: unknown }[] = [];
  readonly #snapshotEvery: number;
  readonly #equity: EquityPoint[] = [];
  readonly #equityEvery: number;
  /** The agent of the last look: playing on costs one candle, not the way from a kept state. */
  #last: TapePlace | null = null;
  /** Candles on which something happened, in order. */
  readonly #eventful: number[] = [];

  constructor(options: TapeOptions) {
    this.#options = options;
    const { length } = options.candles;
    this.#books = new Uint8Array(length);
    this.#equityEvery = Math.ceil(length / TAPE_EQUITY_POINTS);
    this.#snapshotEvery = Math.max(200, Math.ceil(length / TAPE_SNAPSHOTS));
  }

  get total(): number {
    return this.#options.candles.length;
  }

  /** Takes in what passed at the next candle. */
  take({ stepped, outputs, agent }: Exchange): void {
    const { seq, events, hasPosition, tradingState } = stepped;
    this.#books[seq] = TRADING_STATES.indexOf(tradingState) +
      (hasPosition ? 4 : 0);
    if (events.length > 0) this.#told.set(seq, [...events]);
    for (const output of outputs) {
      if (output.to !== "link" || output.link !== LINKS.desk) continue;
      const { actions } = output.message as AgentDecided;
      if (actions.length > 0) this.#decided.set(seq, actions);
    }
    if (this.#told.has(seq) || this.#decided.has(seq)) this.#eventful.push(seq);
    this.#noteEquity(stepped);
    if (seq % this.#snapshotEvery === this.#snapshotEvery - 1) {
      this.#snapshots.push({ seq, state: structuredClone(agent.snapshot()) });
    }
  }

  /** The exact equity is computed when it is read, so it is not read at every candle. */
  #noteEquity(stepped: DeskStepped): void {
    const { seq, events } = stepped;
    if (seq % this.#equityEvery !== 0 && events.length === 0) return;
    const { equity } = stepped;
    if (equity === null) return;
    this.#equity.push({ seq, at: this.#options.candles.openAt(seq), equity });
  }

  /** The equity from one candle to another. */
  equityBetween(fromSeq: number, seq: number): readonly EquityPoint[] {
    return this.#equity.filter((point) =>
      point.seq >= fromSeq && point.seq <= seq
    );
  }

  /** Whether a position was open and what trading was allowed when a candle had closed. */
  bookAt(seq: number) {
    const book = this.#books[seq]!;
    return {
      hasPosition: book >= 4,
      tradingState: TRADING_STATES[book % 4]!,
    };
  }

  /** What came in, what was decided and what the desk answered at one candle. */
  stepAt(seq: number): ReplayStep {
    const next = this.#told.get(seq + 1) ?? NOTHING;
    return {
      seq,
      at: this.#options.candles.openAt(seq),
      told: this.#told.get(seq) ?? NOTHING,
      decided: this.#decided.get(seq) ?? NOTHING,
      answered: next.filter(({ type }) =>
        type === "OrderAccepted" || type === "OrderDenied" ||
        type === "StopMoveDenied" || type === "RepriceDenied"
      ),
    };
  }

  /** The newest candles with an event in `(afterSeq, seq]`, at most `limit`. */
  eventsBetween(
    afterSeq: number,
    seq: number,
    limit: number,
  ): readonly ReplayStep[] {
    return this.#eventful.filter((each) => each > afterSeq && each <= seq)
      .slice(-limit).map((each) => this.stepAt(each));
  }

  /** The candles with an event before and after a candle. */
  neighbours(
    seq: number,
  ): { nextSeq: number | null; previousSeq: number | null } {
    return {
      nextSeq: this.#eventful.find((each) => each > seq) ?? null,
      previousSeq: this.#eventful.findLast((each) => each < seq) ?? null,
    };
  }

  /** Trades closed up to a candle, the newest `limit`, newest last. */
  tradesUpTo(seq: number, limit: number): readonly Trade[] {
    return [...this.#told].flatMap(([at, events]) =>
      at > seq
        ? []
        : events.flatMap((event) =>
          event.type === "PositionClosed" ? [event.trade] : []
        )
    ).slice(-limit);
  }

  /** The agent when a candle had closed: its chart, and what it noted and thought of that candle. */
  lookAt(seq: number): TapeLook {
    const place = this.#agentAt(seq);
    const { agent, noted } = place;
    const query: AgentQuery = {
      type: "chart",
      afterSeq: Math.max(-1, seq - REPLAY_CHART_CANDLES),
      limit: REPLAY_CHART_CANDLES,
    };
    return {
      chart: agent.inspect(query) as AgentChart,
      noted,
      engine: this.#engineAt(seq, agent),
    };
  }

  #engineAt(seq: number, agent: Agent): EngineDecisionView | null {
    if (this.#options.config.type !== "decision_engine") return null;
    const { decisions } = agent.inspect({ type: "ensemble" }) as EnsembleView;
    const decision = decisions.findLast((each) => each.seq === seq);
    return decision === undefined ? null : viewOfDecision(decision);
  }

  #agentAt(seq: number): TapePlace {
    if (this.#last?.seq === seq) return this.#last;
    const { agent, seq: decidedSeq } = this.#agentBefore(seq);
    const fromSeq = decidedSeq + 1;
    const count = seq - decidedSeq;
    const { candles } = this.#options;
    const hedge = candles.hedge;
    const batch: CandleBatch = {
      type: "candles",
      fromSeq,
      count,
      packed: candles.packed(fromSeq, count),
      ...(hedge === null
        ? {}
        : { hedge: toHedgeRows(hedge.packed(fromSeq, count)) }),
    };
    agent.receive(LINKS.feed, batch);
    let outputs: readonly Output[] = NOTHING;
    for (let step = fromSeq; step <= seq; step++) {
      outputs = agent.receive(LINKS.desk, this.#steppedAt(step));
    }
    this.#last = { agent, seq, noted: notesOf(outputs) };
    return this.#last;
  }

  /** The agent that is nearest before a candle: the one that was looked at last, or one from a kept state. */
  #agentBefore(seq: number): { agent: Agent; seq: number } {
    const { config, behavior } = this.#options;
    const from = this.#snapshots.findLast((each) => each.seq < seq) ?? null;
    const keptSeq = from?.seq ?? -1;
    const last = this.#last;
    if (last !== null && last.seq < seq && last.seq >= keptSeq) return last;
    const agent = withNotes(behavior).start({
      actorId: AGENT_ID,
      config: { agentId: AGENT_ID, config, startSeq: 0, tradeFromSeq: 0 },
      snapshot: structuredClone(from?.state ?? null),
    });
    agent.linkOpened(LINKS.feed, null);
    agent.linkOpened(LINKS.desk, null);
    return { agent, seq: keptSeq };
  }

  #steppedAt(seq: number): DeskStepped {
    return {
      type: "stepped",
      seq,
      events: this.#told.get(seq) ?? NOTHING,
      // No decision follows from it; the desk sizes and checks.
      equity: null,
      ...this.bookAt(seq),
    };
  }
}

function notesOf(outputs: readonly Output[]): readonly ReplayNote[] {
  return outputs.flatMap((output) =>
    output.to === "owner"
      ? (output.report as AgentReport).logs.map(({ level, message }) => ({
        level,
        message,
      }))
      : []
  );
}
