/** A live stream over a scripted venue, on a simulated clock, with a list for its link. */
import assert from "node:assert/strict";
import {
  createSimulatedClock,
  type SimulatedClock,
} from "../../../../actors/simulated_clock.ts";
import { type Candle, unpackCandle } from "../../../../lib/contracts/candle.ts";
import type { FeedMessage } from "../../../../lib/contracts/links.ts";
import {
  EXCHANGE_GENESIS_AT,
  type FeedNotice,
  type FeedReport,
  type FeedStaleReport,
} from "../../../../lib/contracts/market.ts";
import { LiveStream } from "../../../../lib/exchange/live/live_stream.ts";
import { createRng } from "../../../../lib/core/rng.ts";
import { type Row, ScriptedVenue, STEP_MS } from "./scripted_venue.ts";

export const START_AT = Date.UTC(2026, 0, 5, 12);
export const LINK = "candles:a1:desk";

type Report = FeedNotice | FeedReport | FeedStaleReport;

/** One stream with its venue. */
export class LiveSetup {
  readonly clock: SimulatedClock = createSimulatedClock({ startMs: START_AT });
  readonly venue = new ScriptedVenue(this.clock);
  readonly sent: FeedMessage[] = [];
  readonly reports: Report[] = [];
  credit = Infinity;
  stream!: LiveStream;

  /** History that the venue has when the stream opens, as minutes before the start. */
  async history(minutes: number): Promise<void> {
    this.venue.aheadMs = -minutes * STEP_MS;
    for (let minute = 0; minute < minutes; minute++) {
      this.venue.trade(minute % 3 - 1, 1);
      this.venue.aheadMs += STEP_MS;
    }
    this.venue.aheadMs = 0;
    await this.clock.settle();
  }

  start(seed = 1): LiveStream {
    const rng = createRng(seed);
    return this.stream = new LiveStream({
      stream: {
        streamId: "exchange:scripted.spot:BTC/USDT:1m",
        feed: { kind: "exchange", exchange: "scripted", market: "spot" },
        symbol: "BTC/USDT",
        timeframe: "1m",
      },
      open: this.venue.open,
      random: () => rng.next(),
      runtime: {
        clock: this.clock,
        credits: () => this.credit,
        send: (_link, message) => void this.sent.push(message as FeedMessage),
        report: (report) => void this.reports.push(report as Report),
      },
    });
  }

  subscribe(fromSeq: number, wantsQuotes = false): void {
    this.stream.subscribe(LINK, {
      fromSeq,
      windowCandles: Infinity,
      wantsQuotes,
    });
  }

  /** Candles that went out, in their order. */
  published(): Candle[] {
    return this.sent.flatMap((message) =>
      message.type === "candles"
        ? Array.from(
          { length: message.count },
          (_, index) => unpackCandle(message.packed, index, message.fromSeq),
        )
        : []
    );
  }

  stale(): (string | null)[] {
    return this.sent.flatMap((message) =>
      message.type === "stale" ? [message.detail] : []
    );
  }
}

/** Number of the candle that opens at a time. */
export function seqAt(openAt: number): number {
  return Math.floor((openAt - EXCHANGE_GENESIS_AT) / STEP_MS);
}

/** What has to go out: what was traded, and a flat candle for each minute without a trade. */
export function oracle(rows: readonly Row[], fromSeq: number, toSeq: number) {
  const byTime = new Map(rows.map((row) => [row[0], row]));
  const expected: Candle[] = [];
  let close = rows[0]![1];
  for (const row of rows) {
    if (seqAt(row[0]) < fromSeq) close = row[4];
  }
  for (let seq = fromSeq; seq <= toSeq; seq++) {
    const openAt = EXCHANGE_GENESIS_AT + seq * STEP_MS;
    const row = byTime.get(openAt) ?? [openAt, close, close, close, close, 0];
    close = row[4]!;
    const [, open, high, low, , volume] = row as Row;
    expected.push({ seq, openAt, open, high, low, close, volume });
  }
  return expected;
}

/** Holds what went out against what was traded, from `fromSeq` on without a hole. */
export function assertSame(
  published: readonly Candle[],
  rows: readonly Row[],
  fromSeq: number,
): void {
  assert(published.length > 0, "nothing went out");
  const toSeq = published.at(-1)!.seq;
  assert.deepEqual(published, oracle(rows, fromSeq, toSeq));
}
