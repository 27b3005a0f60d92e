import {
  computed,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type { ChartResponse } from "../../contracts/chart.ts";
import type { ReplayStep, ReplayView } from "../../contracts/replay.ts";
import type { ReplayMove } from "./replay_keys.ts";
import type { ApiClient } from "../client/api_client.ts";
import { type Failure, failureOf } from "../client/failure.ts";

/** Candles a second. */
export const SPEEDS = [1, 2, 4, 8, 16, 32, 64] as const;
/** Pictures a second, at most; faster speeds skip candles between them. */
const FRAMES_PER_SECOND = 4;
/** Steps that the list of what happened keeps. */
const STEPS_KEPT = 100;

/** A replay: where it stands, and how it moves. */
export class ReplayStore {
  readonly view: Signal<ReplayView>;
  /** What happened up to the cursor, newest first. */
  readonly steps: Signal<readonly ReplayStep[]>;
  readonly failure: Signal<Failure | null> = signal(null);
  readonly playing = signal(false);
  readonly speed: Signal<number> = signal(4);
  readonly chart: ReadonlySignal<ChartResponse>;
  readonly #id: string;
  readonly #api: Pick<ApiClient, "replay">;
  /** Where it is to go when the answer that is under way has come. */
  #wanted: number | null = null;
  #isBusy = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    options: { id: string; first: ReplayView; api: Pick<ApiClient, "replay"> },
  ) {
    this.#id = options.id;
    this.#api = options.api;
    this.view = signal(options.first);
    this.steps = signal(options.first.steps.toReversed());
    this.chart = computed(() => ({
      ...this.view.value.chart,
      simulated: true,
      trades: this.view.value.trades,
      equity: this.view.value.equity,
    }));
  }

  /** Goes to a candle; of many wishes at a time only the last one counts. */
  async goTo(seq: number): Promise<void> {
    const { total } = this.view.peek();
    this.#wanted = Math.max(0, Math.min(total - 1, Math.round(seq)));
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#wanted !== null) {
        const wanted: number = this.#wanted;
        this.#wanted = null;
        // deno-lint-ignore no-await-in-loop -- one place after the other
        await this.#show(wanted);
      }
      this.failure.value = null;
    } catch (error) {
      this.pause();
      this.failure.value = failureOf(error);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Moves by candles. */
  step(by: number): void {
    this.pause();
    void this.goTo(this.view.peek().seq + by);
  }

  /** Goes to the event before or after; stays where there is none. */
  jump(to: "previousSeq" | "nextSeq"): void {
    this.pause();
    const seq = this.view.peek()[to];
    if (seq !== null) void this.goTo(seq);
  }

  /** Does what a key stands for. */
  move(move: ReplayMove): void {
    switch (move) {
      case "step":
        return this.step(1);
      case "back":
        return this.step(-1);
      case "nextEvent":
        return this.jump("nextSeq");
      case "previousEvent":
        return this.jump("previousSeq");
      case "toggle":
        return this.toggle();
    }
  }

  /** Plays or pauses. */
  toggle(): void {
    if (this.playing.peek()) this.pause();
    else {
      this.playing.value = true;
      void this.#play();
    }
  }

  pause(): void {
    this.playing.value = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #play(): Promise<void> {
    const speed = this.speed.peek();
    const frames = Math.min(speed, FRAMES_PER_SECOND);
    const began = performance.now();
    const { seq, total } = this.view.peek();
    await this.goTo(seq + speed / frames);
    if (!this.playing.peek()) return;
    if (this.view.peek().seq >= total - 1) return this.pause();
    const rest = 1_000 / frames - (performance.now() - began);
    this.#timer = setTimeout(() => void this.#play(), Math.max(0, rest));
  }

  async #show(seq: number): Promise<void> {
    const before = this.view.peek().seq;
    const after = seq > before ? before : -1;
    const view = await this.#api.replay(this.#id, { seq, after });
    const known = after === -1
      ? []
      : this.steps.peek().filter((step) => step.seq <= before);
    this.view.value = view;
    this.steps.value = [...view.steps.toReversed(), ...known]
      .slice(0, STEPS_KEPT);
  }
}
