/** One chart on a page: what is chosen, read and pointed at; its drawing is loaded when the page is alive. */
import {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type { Timeframe } from "../../contracts/candle.ts";
import type { ChartResponse } from "../../contracts/chart.ts";
import {
  type ChartChoice,
  type ChartRangeKey,
  type ChartToggles,
  DEFAULT_TOGGLES,
  keepChoice,
  loadToggles,
  NO_TOGGLES,
  rangeMsOf,
  readChoice,
  saveToggles,
  TOGGLES,
} from "./chart_choice.ts";
import { isCalm, onThemeChange } from "./chart_theme.ts";
import {
  type ChartFrame,
  indexOfSeq,
  type ShownCandle,
  toFrame,
} from "./chart_frame.ts";
import type { ChartView } from "./chart_view.ts";
import {
  describeChart,
  describeSeries,
  SERIES,
  SERIES_WORDS,
  type SeriesName,
} from "./chart_words.ts";
import type { OlderCandles } from "./older_candles.ts";

/** What is looked at: an object by its id, or a candle by its time. */
export type ChartSelection =
  & ({ kind: "object"; id: string } | { kind: "candle"; openAt: number })
  & {
    /** It was not pointed at on the chart, so the focus goes to what is told of it. */
    takesFocus?: true;
  };

/** What a chart is about. */
export interface ChartSessionOptions {
  chart: ReadonlySignal<ChartResponse | null>;
  market: string;
  /** Timeframe of the agent's candles. */
  timeframe: Timeframe;
  /** What the address holds; left out where the browser is to look itself. */
  choice?: ChartChoice | undefined;
  /** Left out where the chart holds all there is. */
  older?: OlderCandles | undefined;
}

/** State of one chart. */
export class ChartSession {
  readonly timeframe: Signal<Timeframe>;
  readonly range: Signal<ChartRangeKey>;
  readonly toggles: Signal<ChartToggles> = signal(DEFAULT_TOGGLES);
  readonly series: Signal<SeriesName> = signal("price");
  /** The candle of the pointer or the keys, or null. */
  readonly point: Signal<ShownCandle | null> = signal(null);
  readonly selection: Signal<ChartSelection | null> = signal(null);
  /** What the keys have reached; told to screen readers, unlike every new candle. */
  readonly spoken: Signal<string> = signal("");
  /** The number of a candle that was to be shown and is not there, or null. */
  readonly missing: Signal<number | null> = signal(null);
  /** The drawing's script did not load, or it cannot draw. */
  readonly broken: Signal<boolean> = signal(false);
  /** Null while no answer came. */
  readonly frame: ReadonlySignal<ChartFrame | null>;
  readonly options: ChartSessionOptions;
  #view: ChartView | null = null;
  #toggledOff: ChartToggles | null = null;
  /** The range is to be shown as soon as its candles are there. */
  #isRangeDue = false;

  constructor(options: ChartSessionOptions) {
    const { chart, timeframe: own, choice } = options;
    this.options = options;
    this.timeframe = signal(choice?.timeframe ?? own);
    this.range = signal(choice?.range ?? "latest");
    // Most updates bring another equity and the same candles.
    const base = computed(() => chart.value?.candles ?? null);
    this.frame = computed(() =>
      base.value === null
        ? null
        : toFrame(base.value, { own, timeframe: this.timeframe.value })
    );
  }

  /** Takes up what was chosen before, and draws into a container; answers with how to end it. */
  open(container: HTMLElement): () => void {
    const { timeframe, range } = readChoice(
      new URLSearchParams(location.search),
      this.options.timeframe,
    );
    batch(() => {
      this.timeframe.value = timeframe;
      this.range.value = range;
      this.toggles.value = loadToggles(localStorage);
    });
    this.#isRangeDue = range !== "latest";
    const leaveTheme = onThemeChange(() => this.#view?.applyTheme());
    let isGone = false;
    let ends: (() => void)[] = [];
    void import("./chart_view.ts").then(({ ChartView }) => {
      if (isGone) return;
      ends = [
        effect(() => this.#draw(ChartView, container)),
        effect(() => this.#view?.setToggles(this.toggles.value)),
        effect(() => {
          const selection = this.selection.value;
          this.#view?.select(
            selection?.kind === "object" ? selection.id : null,
          );
        }),
      ];
    }).catch(() => this.broken.value = true);
    return () => {
      isGone = true;
      leaveTheme();
      for (const end of ends) end();
      this.#view?.destroy();
      this.#view = null;
    };
  }

  /** Shows candles of another length. */
  chooseTimeframe(timeframe: Timeframe): void {
    this.point.value = null;
    this.timeframe.value = timeframe;
    this.#keepChoice();
    this.#showRange();
  }

  /** Brings another range into view; what is missing of it is fetched. */
  chooseRange(range: ChartRangeKey): void {
    this.range.value = range;
    this.#keepChoice();
    this.#showRange();
  }

  /** Shows or hides a kind of overlay. */
  toggle(key: keyof ChartToggles): void {
    this.#setToggles({
      ...this.toggles.peek(),
      [key]: !this.toggles.peek()[key],
    });
  }

  /** Hides all overlays, or shows again what was shown. */
  toggleAll(): void {
    const toggles = this.toggles.peek();
    const isAny = TOGGLES.some(({ key }) => toggles[key]);
    const before = this.#toggledOff ?? DEFAULT_TOGGLES;
    if (isAny) this.#toggledOff = toggles;
    this.#setToggles(isAny ? NO_TOGGLES : before);
    this.spoken.value = isAny ? "Overlays hidden" : "Overlays shown";
  }

  /** Goes to the agent's candle with a number, for which older ones may have to be fetched; whether it is on the chart. */
  async goToSeq(seq: number): Promise<boolean> {
    await this.options.older?.loadBackTo(seq);
    const frame = this.frame.peek();
    const index = frame === null ? -1 : indexOfSeq(frame, seq);
    this.missing.value = index < 0 ? seq : null;
    if (index < 0 || this.#view === null) return false;
    this.#read(this.#view.goTo(index, this.series.peek()));
    return true;
  }

  /** Moves by candles. */
  step(by: number): void {
    this.#read(this.#view?.step(by, this.series.peek()) ?? null);
  }

  /** Goes to the first or to the newest candle. */
  goToEnd(end: "first" | "newest"): void {
    const index = end === "first" ? 0 : Infinity;
    this.#read(this.#view?.goTo(index, this.series.peek()) ?? null);
  }

  /** Reads another series at the same candle. */
  stepSeries(by: 1 | -1): void {
    const place = SERIES.indexOf(this.series.peek()) + by;
    this.series.value = SERIES[(place + SERIES.length) % SERIES.length]!;
    this.step(0);
    this.spoken.value = `${
      SERIES_WORDS[this.series.peek()]
    }. ${this.spoken.peek()}`;
  }

  /** Shows more (`factor` > 1) or fewer candles. */
  zoom(factor: number): void {
    this.#view?.zoom(factor);
  }

  /** Brings the newest candles into view. */
  showNewest(): void {
    this.point.value = null;
    this.#view?.showRange(rangeMsOf(this.range.peek()));
  }

  /** Opens the candle that the keys are on, with all that is on it, and tells the chart in words. */
  summarize(): void {
    const { chart, market } = this.options;
    const frame = this.frame.peek();
    const data = chart.peek();
    if (frame === null || data === null) return;
    const candle = this.point.peek() ?? frame.candles.at(-1);
    if (candle !== undefined) {
      const { openAt } = candle;
      this.selection.value = { kind: "candle", openAt, takesFocus: true };
    }
    this.spoken.value = describeChart(data, { frame, market });
  }

  /** What a series says at a candle. */
  words(candle: ShownCandle): string {
    const curves = this.#view?.curves ?? { equity: [], drawdown: [] };
    return describeSeries(candle, { series: this.series.value, curves });
  }

  #read(candle: ShownCandle | null): void {
    this.point.value = candle;
    this.spoken.value = candle === null ? "No candle yet" : this.words(candle);
  }

  #setToggles(toggles: ChartToggles): void {
    this.toggles.value = toggles;
    saveToggles(localStorage, toggles);
  }

  #keepChoice(): void {
    const [timeframe, range] = [this.timeframe.peek(), this.range.peek()];
    keepChoice({ timeframe, range, own: this.options.timeframe });
  }

  #draw(View: typeof ChartView, container: HTMLElement): void {
    const data = this.options.chart.value;
    const frame = this.frame.value;
    if (data === null || frame === null || frame.candles.length === 0) {
      this.#view?.destroy();
      this.#view = null;
      return;
    }
    if (this.#view === null) {
      this.#view = new View({
        container,
        data,
        frame,
        toggles: this.toggles.peek(),
        isCalm: isCalm(),
        onPoint: (candle) => this.point.value = candle,
        onPick: ({ id, candle }) =>
          this.selection.value = id !== null
            ? { kind: "object", id }
            : candle === null
            ? null
            : { kind: "candle", openAt: candle.openAt },
        onBeginning: () => this.#loadOlder(),
      });
    } else this.#view.show({ data, frame });
    if (this.#isRangeDue) this.#showRange();
  }

  /** Asks once more for older candles that did not come. */
  retryOlder(): void {
    this.#isRangeDue = this.range.peek() !== "latest";
    void this.options.older?.load();
  }

  /** Shows the range, and asks for what is missing of it. */
  #showRange(): void {
    const rangeMs = rangeMsOf(this.range.peek());
    const candles = this.frame.peek()?.candles ?? [];
    const missing =
      (candles[0]?.openAt ?? 0) > (candles.at(-1)?.openAt ?? 0) - rangeMs;
    this.#view?.showRange(rangeMs);
    this.#isRangeDue = missing && this.#loadOlder();
  }

  /** Asks for older candles; whether some may come. */
  #loadOlder(): boolean {
    const { older } = this.options;
    if (older === undefined || !older.mayCome) return false;
    // Not while something is drawn.
    queueMicrotask(() => void older.load());
    return true;
  }
}
