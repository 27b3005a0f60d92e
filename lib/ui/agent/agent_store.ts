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
import { onceSeen } from "../client/seen.ts";
import { hasGap, mergeCharts } from "./chart_data.ts";
import { OlderCandles } from "./older_candles.ts";
import { withNewest, withOlder } from "./trade_pages.ts";
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
  /** Its version is the one that its configuration belongs to; a view may tell of a newer one first. */
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
  #cancelChart: (() => void) | null = null;
  /** The newest version of the configuration that was heard of. */
  #toldVersion: number;
  /** How old the history is that is shown, and how many requests for a newer one are on their way. */
  #detailOf: number;
  #asking = 0;

  constructor(start: AgentStart, api: ApiClient) {
    this.#api = api;
    this.agent = signal(start.agent);
    this.#toldVersion = start.agent.configVersion;
    this.#detailOf = start.agent.updatedAt;
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
    this.agent.value = { ...view, ...restOf(known) };
    this.trace.value = traceVitals(this.trace.peek(), view.vitals);
    const changed = view.configVersion !== this.#toldVersion ||
      view.observed !== known.observed || view.epoch !== known.epoch;
    this.#toldVersion = view.configVersion;
    // A request may have failed, or was answered by an older configuration.
    const isBehind = view.configVersion > known.configVersion &&
      this.#asking === 0;
    if (changed || isBehind) void this.refreshDetail();
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
    const before = this.agent.peek();
    try {
      const detail = await this.#api.getAgent(before.id);
      if (this.agent.peek() === before) this.#showDetail(detail);
      else this.#takeDetail(detail);
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
    this.#asking += 1;
    try {
      this.#takeDetail(await this.#api.getAgent(this.agent.peek().id));
    } catch {
      // The next event or the connection chip's retry asks again.
    } finally {
      this.#asking -= 1;
    }
  }

  /** Takes what no view carries, and the figures unless a view has overtaken them. */
  #takeDetail(detail: AgentDetail): void {
    const known = this.agent.peek();
    const isOld = detail.configVersion === known.configVersion
      ? detail.updatedAt < this.#detailOf
      : detail.configVersion < known.configVersion;
    if (isOld || this.#isRemoved) return;
    const isOvertaken = detail.updatedAt < known.updatedAt;
    this.#showDetail(
      isOvertaken ? { ...known, ...restOf(detail) } : detail,
      detail.updatedAt,
    );
  }

  #showDetail(detail: AgentDetail, of = detail.updatedAt): void {
    this.agent.value = detail;
    this.#detailOf = of;
    this.#toldVersion = Math.max(this.#toldVersion, detail.configVersion);
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
      this.trades.value = withNewest(this.trades.peek(), trades);
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
    const before = this.trades.peek();
    if (before === null || before.nextCursor === null) return;
    const { id } = this.agent.peek();
    const page = await this.#api.trades(id, before.nextCursor);
    // Newer trades may have come meanwhile.
    const now = this.trades.peek() ?? before;
    this.trades.value = withOlder(now, { before, page });
  }

  /** Fetches new candles, at most once a second; a page that nobody sees does once it is seen. */
  refreshChartSoon(): void {
    if (this.#cancelChart !== null || this.#isRemoved) return;
    this.#cancelChart = onceSeen(() => {
      this.#cancelChart = null;
      void this.refreshChart();
    }, { afterMs: Math.max(0, this.#chartAt + CHART_EVERY_MS - Date.now()) });
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

  /** Shows a candle in the chart, which may not have it yet: decisions come sooner than candles. */
  async showCandle(seq: number): Promise<void> {
    const newest = this.chart.peek()?.candles.at(-1)?.seq ?? -1;
    if (seq > newest) await this.refreshChart();
    this.shownCandle.value = { seq };
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

  /** Ends what waits. */
  stop(): void {
    this.#cancelChart?.();
    this.#cancelChart = null;
  }
}

/** What of a detail no view carries; the version is the one of the configuration. */
function restOf(detail: AgentDetail) {
  const { config, configVersion, history, listensTo, latency, supervision } =
    detail;
  return { config, configVersion, history, listensTo, latency, supervision };
}
