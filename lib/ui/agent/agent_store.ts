import { type Signal, signal } from "@preact/signals";
import type {
  AgentDetail,
  AgentView,
  PerformanceResponse,
} from "../../contracts/agent.ts";
import type { ChartResponse } from "../../contracts/chart.ts";
import type { Trade } from "../../contracts/order.ts";
import type { ResourcesResponse } from "../../contracts/resources.ts";
import type { StreamEnvelope } from "../../contracts/stream.ts";
import type { ApiClient, ApiPage } from "../client/api_client.ts";
import { type Failure, failureOf, isAgentGone } from "../client/failure.ts";
import { mergeCharts } from "./chart_data.ts";
import { OlderCandles } from "./older_candles.ts";
import { traceVitals, type VitalsPoint } from "./vitals_trace.ts";

/** Least distance of two chart requests. */
const CHART_EVERY_MS = 1_000;
const CHART_CANDLES = 400;

/** Least distance of two requests for resources: their shortest window moves by less. */
const RESOURCES_EVERY_MS = 5_000;

/** What the server painted of an agent. Null = that part did not answer. */
export interface AgentStart {
  agent: AgentDetail;
  chart: ChartResponse | null;
  chartFailure: Failure | null;
  performance: PerformanceResponse | null;
  trades: ApiPage<Trade> | null;
  resources: ResourcesResponse | null;
}

/** One agent's page: what is known, and how it is kept up to date. */
export class AgentStore {
  readonly agent: Signal<AgentDetail>;
  readonly chart: Signal<ChartResponse | null>;
  readonly chartFailure: Signal<Failure | null>;
  /** Candles before those of the chart. */
  readonly older: OlderCandles;
  readonly performance: Signal<PerformanceResponse | null>;
  readonly trades: Signal<ApiPage<Trade> | null>;
  readonly resources: Signal<ResourcesResponse | null>;
  /** Why results and trades could not be read last, or null. */
  readonly recordsFailure: Signal<Failure | null> = signal(null);
  readonly isReadingRecords = signal(false);
  /** When the agent was found to be no longer in the fleet, or null; what is shown is as of then. */
  readonly removedAt: Signal<number | null> = signal(null);
  /** Signs of life since the page was opened, oldest first. */
  readonly trace: Signal<readonly VitalsPoint[]>;
  /** The candle that the chart is to show; a new object each time it is asked for. */
  readonly shownCandle: Signal<{ seq: number } | null> = signal(null);
  readonly #api: ApiClient;
  #chartAt = 0;
  #resourcesAt = Date.now();
  #chartTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(start: AgentStart, api: ApiClient) {
    this.#api = api;
    this.agent = signal(start.agent);
    this.trace = signal(traceVitals([], start.agent.vitals));
    this.chart = signal(start.chart);
    this.chartFailure = signal(start.chartFailure);
    this.older = new OlderCandles({
      chart: this.chart,
      load: (beforeSeq, limit) =>
        api.olderChart(start.agent.id, beforeSeq, limit),
    });
    this.performance = signal(start.performance);
    this.trades = signal(start.trades);
    this.resources = signal(start.resources);
  }

  /** The chart with the account's newest equity, which the thinned curve does not have yet. */
  get chartNow(): ChartResponse | null {
    const chart = this.chart.value;
    const account = this.agent.value.account;
    const last = chart?.equity.at(-1);
    if (
      chart === null || account === null || account.equity === null ||
      account.marketAt === null ||
      (last !== undefined && last.seq >= account.seq)
    ) return chart;
    const point = {
      seq: account.seq,
      at: account.marketAt,
      equity: account.equity,
    };
    return { ...chart, equity: [...chart.equity, point] };
  }

  /** Takes a stream event in. */
  apply(event: StreamEnvelope): void {
    const { id } = this.agent.peek();
    if (event.type === "agent.updated" && event.data.id === id) {
      this.putView(event.data);
    } else if (event.type === "agent.removed" && event.data.id === id) {
      this.#markRemoved();
    } else if (event.type === "market.updated" && event.data.agentId === id) {
      this.refreshChartSoon();
    } else if (event.type === "trade.closed" && event.data.agentId === id) {
      void this.refreshTrades();
    }
  }

  /** A newer view; what it does not carry is fetched where it has changed. */
  putView(view: AgentView): void {
    const known = this.agent.peek();
    if (view.updatedAt < known.updatedAt || this.#isRemoved) return;
    this.agent.value = { ...known, ...view };
    this.trace.value = traceVitals(this.trace.peek(), view.vitals);
    const changed = view.configVersion !== known.configVersion ||
      view.observed !== known.observed || view.epoch !== known.epoch;
    if (changed) void this.refreshDetail();
    const isDue = Date.now() - this.#resourcesAt >= RESOURCES_EVERY_MS;
    if (changed || isDue) void this.refreshResources();
    if (view.progress.seq !== known.progress.seq) this.refreshChartSoon();
    if (view.account?.trades !== known.account?.trades) {
      void this.refreshTrades();
    }
  }

  /** Fetches everything anew; rejects when the server does not answer. */
  async refreshAll(): Promise<void> {
    if (this.#isRemoved) return;
    try {
      this.agent.value = await this.#api.getAgent(this.agent.peek().id);
    } catch (error) {
      // The server answers: it is the agent that is no more.
      if (!isAgentGone(error)) throw error;
      this.#markRemoved();
      return;
    }
    await Promise.all([
      this.refreshTrades(),
      this.refreshChart(),
      this.refreshResources(),
    ]);
  }

  /** Fetches configuration and history; a failure leaves what is shown. */
  async refreshDetail(): Promise<void> {
    try {
      const detail = await this.#api.getAgent(this.agent.peek().id);
      if (detail.updatedAt >= this.agent.peek().updatedAt) {
        this.agent.value = detail;
      }
    } catch {
      // The next event or the connection chip's retry asks again.
    }
  }

  /** Fetches trades and performance; a failure leaves what is shown, and is told. */
  async refreshTrades(): Promise<void> {
    if (this.#isRemoved) return;
    const { id } = this.agent.peek();
    this.isReadingRecords.value = true;
    try {
      const [trades, performance] = await Promise.all([
        this.#api.trades(id, null),
        this.#api.performance(id),
      ]);
      this.trades.value = trades;
      this.performance.value = performance;
      this.recordsFailure.value = null;
    } catch (error) {
      this.recordsFailure.value = failureOf(error);
    } finally {
      this.isReadingRecords.value = false;
    }
  }

  /** Fetches what the agent uses; a failure leaves what is shown, with its time. */
  async refreshResources(): Promise<void> {
    if (this.#isRemoved) return;
    this.#resourcesAt = Date.now();
    try {
      this.resources.value = await this.#api.resources(this.agent.peek().id);
    } catch {
      // As above.
    }
  }

  /** Reads one more page of older trades. */
  async loadOlderTrades(): Promise<void> {
    const known = this.trades.peek();
    if (known === null || known.nextCursor === null) return;
    const page = await this.#api.trades(this.agent.peek().id, known.nextCursor);
    this.trades.value = {
      items: [...known.items, ...page.items],
      nextCursor: page.nextCursor,
    };
  }

  /** Fetches new candles, at most once a second. */
  refreshChartSoon(): void {
    if (this.#chartTimer !== null || this.#isRemoved) return;
    const wait = Math.max(0, this.#chartAt + CHART_EVERY_MS - Date.now());
    this.#chartTimer = setTimeout(() => {
      this.#chartTimer = null;
      if (document.visibilityState === "visible") void this.refreshChart();
    }, wait);
  }

  /** Fetches the candles after the last known one. */
  async refreshChart(): Promise<void> {
    this.#chartAt = Date.now();
    const afterSeq = this.chart.peek()?.candles.at(-1)?.seq ?? -1;
    try {
      const newer = await this.#api.chart(
        this.agent.peek().id,
        afterSeq,
        CHART_CANDLES,
      );
      // Older candles may have come meanwhile.
      const known = this.chart.peek();
      const isNew = known === null || hasGap(known, newer);
      this.chart.value = isNew ? newer : mergeCharts(known, newer);
      if (isNew) this.older.begin();
      this.chartFailure.value = null;
    } catch (error) {
      this.chartFailure.value = failureOf(error);
    }
  }

  get #isRemoved(): boolean {
    return this.removedAt.peek() !== null;
  }

  /** What is shown stays, and takes no more commands. */
  #markRemoved(): void {
    if (this.#isRemoved) return;
    this.stop();
    this.removedAt.value = Date.now();
    this.agent.value = {
      ...this.agent.peek(),
      desired: "stopped",
      observed: "stopped",
    };
  }

  /** Ends the timer. */
  stop(): void {
    if (this.#chartTimer !== null) clearTimeout(this.#chartTimer);
  }
}

/** After a long absence the newest candles do not join the known ones. */
function hasGap(known: ChartResponse, newer: ChartResponse): boolean {
  const last = known.candles.at(-1);
  const first = newer.candles[0];
  return last !== undefined && first !== undefined && first.seq > last.seq + 1;
}
