import { type Signal, signal } from "@preact/signals";
import type { ChartResponse } from "../../contracts/chart.ts";
import { explain } from "../client/api_client.ts";
import { mergeCharts } from "./chart_data.ts";

/** Candles of one request: as many as an answer may hold. */
const OLDER_CANDLES = 600;

/** Fetches the candles before those of a chart, as far back as the agent remembers. */
export class OlderCandles {
  /** `end`: the agent remembers none before the first one that is shown. */
  readonly state: Signal<"more" | "loading" | "end"> = signal("more");
  /** Why older ones did not come, or null. */
  readonly failure: Signal<string | null> = signal(null);
  readonly #chart: Signal<ChartResponse | null>;
  readonly #load: (beforeSeq: number, limit: number) => Promise<ChartResponse>;

  constructor(
    { chart, load }: {
      chart: Signal<ChartResponse | null>;
      load: (beforeSeq: number, limit: number) => Promise<ChartResponse>;
    },
  ) {
    this.#chart = chart;
    this.#load = load;
  }

  /** Whether asking may bring some: not where there are none, or where the last question failed. */
  get mayCome(): boolean {
    return this.state.peek() !== "end" && this.failure.peek() === null;
  }

  /** The chart holds other candles than before: there may be older ones again. */
  begin(): void {
    if (this.state.peek() === "end") this.state.value = "more";
  }

  /** Fetches until a candle is there, or no older one comes. */
  async loadBackTo(seq: number): Promise<void> {
    while (this.mayCome) {
      const first = this.#chart.peek()?.candles[0]?.seq;
      if (first === undefined || first <= seq) return;
      // deno-lint-ignore no-await-in-loop -- each answer goes on from the one before
      await this.load();
      // Another question is under way, or the chart holds no more.
      if (this.#chart.peek()?.candles[0]?.seq === first) return;
    }
  }

  /** Fetches one more answer; does nothing while one is under way, or where there are none. */
  async load(): Promise<void> {
    const first = this.#chart.peek()?.candles[0];
    if (first === undefined || this.state.peek() !== "more") return;
    if (first.seq === 0) {
      this.state.value = "end";
      return;
    }
    this.state.value = "loading";
    try {
      const older = await this.#load(first.seq, OLDER_CANDLES);
      const known = this.#chart.peek();
      // Also where they are not taken: the next question need not fail, too.
      this.failure.value = null;
      // It began anew meanwhile, and these would not join it.
      if (known === null || known.candles[0]?.seq !== first.seq) {
        this.state.value = "more";
        return;
      }
      if (older.candles.length > 0) {
        this.#chart.value = mergeCharts(older, known);
      }
      this.state.value = older.candles.length < OLDER_CANDLES ? "end" : "more";
    } catch (error) {
      this.failure.value = explain(error);
      this.state.value = "more";
    }
  }
}
