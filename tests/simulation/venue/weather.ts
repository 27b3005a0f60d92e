import type { FaultPlan } from "./scenario.ts";

/** What is wrong between a desk and its venue right now. Everything at rest means a venue that answers. */
export class Weather {
  /** Part of the requests that never arrive. */
  lostOnTheWay = 0;
  /** Part of the requests that are carried out and whose answer never comes. */
  lostAnswers = 0;
  /** Part of the requests that are carried out and answered with a 5xx. */
  brokenAnswers = 0;
  /** What becomes of the next order that leaves; once. */
  nextOrder: "lost_request" | "lost_answer" | "broken_answer" | null = null;
  /** Longest way of a request or an answer. */
  slowMs = 0;
  /** Reads show what is new only after at most this time. */
  lagMs = 0;
  /** Until when requests are refused with 429, and with maintenance; running time. */
  limitedUntilMs = -Infinity;
  closedUntilMs = -Infinity;
  /** The private stream. */
  isStreamCut = false;
  isStreamSilent = false;
  /** Part of the news that comes twice. */
  repeatedNews = 0;
  /** Longest delay of news; each has its own, so that their order is lost. */
  newsMs = 0;
  /** Part of an order that one price fills at most. */
  liquidity = 1;
  /** Faults that hold now, for the oracle: nothing is promised of the speed meanwhile. */
  holding = 0;
  /** When the last one ended, running time. */
  calmSinceMs = 0;

  /** Whether the venue has answered as it should for this long. */
  isCalmFor(ms: number, nowMs: number): boolean {
    return this.holding === 0 && nowMs - this.calmSinceMs >= ms;
  }

  /** Sets what a fault says; `end` undoes it. */
  begin(fault: FaultPlan, nowMs: number): void {
    this.holding++;
    const { amount, forMs } = fault;
    switch (fault.kind) {
      case "lost_requests":
        return void (this.lostOnTheWay = amount);
      case "lost_answers":
        return void (this.lostAnswers = amount);
      case "broken_answers":
        return void (this.brokenAnswers = amount);
      case "next_order":
        this.nextOrder = NEXT_ORDER[Math.floor(amount * NEXT_ORDER.length)]!;
        // In half of the cases the stream does not tell either.
        this.isStreamSilent = amount * 100 % 1 < 0.5;
        return;
      case "slow":
        return void (this.slowMs = 200 + amount * 9_000);
      case "read_lag":
        return void (this.lagMs = amount * READ_LAG);
      case "rate_limit":
        return void (this.limitedUntilMs = nowMs + forMs);
      case "maintenance":
        return void (this.closedUntilMs = nowMs + forMs);
      case "stream_cut":
        return void (this.isStreamCut = true);
      case "stream_silence":
        return void (this.isStreamSilent = true);
      case "stream_repeats":
        return void (this.repeatedNews = amount);
      case "stream_late":
        return void (this.newsMs = amount * 20_000);
      case "partial_fills":
        return void (this.liquidity = 0.2 + amount / 2);
      default:
    }
  }

  end(fault: FaultPlan, nowMs: number): void {
    this.holding--;
    this.calmSinceMs = nowMs;
    if (fault.kind === "next_order") this.isStreamSilent = false;
    const field = FIELDS[fault.kind];
    if (field === undefined) return;
    Object.assign(this, { [field]: CLEAR[field] });
  }

  /** All of it is over. */
  clear(nowMs: number): void {
    Object.assign(this, CLEAR);
    this.holding = 0;
    this.calmSinceMs = nowMs;
  }
}

const READ_LAG = 8_000;

const NEXT_ORDER = ["lost_request", "lost_answer", "broken_answer"] as const;

const CLEAR = {
  lostOnTheWay: 0,
  lostAnswers: 0,
  brokenAnswers: 0,
  nextOrder: null,
  slowMs: 0,
  lagMs: 0,
  limitedUntilMs: -Infinity,
  closedUntilMs: -Infinity,
  isStreamCut: false,
  isStreamSilent: false,
  repeatedNews: 0,
  newsMs: 0,
  liquidity: 1,
} as const;

const FIELDS: Partial<Record<FaultPlan["kind"], keyof typeof CLEAR>> = {
  lost_requests: "lostOnTheWay",
  lost_answers: "lostAnswers",
  broken_answers: "brokenAnswers",
  next_order: "nextOrder",
  slow: "slowMs",
  read_lag: "lagMs",
  stream_cut: "isStreamCut",
  stream_silence: "isStreamSilent",
  stream_repeats: "repeatedNews",
  stream_late: "newsMs",
  partial_fills: "liquidity",
};
