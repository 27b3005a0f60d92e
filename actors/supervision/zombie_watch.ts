import type { Clock, Timer } from "../clock.ts";
import {
  ZOMBIE_GONE_CORES,
  ZOMBIE_SAMPLE_MS,
  ZOMBIE_SUSPECT_MS,
  ZOMBIE_WINDOW_MS,
} from "../limits.ts";
import type { SupervisorEvent } from "./child_spec.ts";
import { countZombies, ReportedCpu, UnownedCpu } from "./cpu_attribution.ts";

/** What the watch compares, and whom it tells. */
export interface ZombieWatchOptions {
  clock: Clock;
  /** CPU time of the whole process, milliseconds. */
  processCpuMs(): number;
  /** CPU time of the main isolate's thread, milliseconds. */
  mainCpuMs(): number;
  /** More wants to run on this machine than it has processors for: a burning thread may get next to nothing of it. */
  isOverloaded?: (() => boolean) | undefined;
  emit(event: SupervisorEvent): void;
}

/**
 * Finds threads that burn on after their actor was terminated: Deno cannot end
 * a thread in a busy loop (denoland/deno PR 35657), and nothing else tells of
 * it. It looks only while there is somebody to suspect.
 */
export class ZombieWatch {
  readonly #options: ZombieWatchOptions;
  readonly #reported = new ReportedCpu();
  #unowned = new UnownedCpu();
  #suspects = 0;
  #suspectedMs = 0;
  /** Since when every reading was too high for threads that are all gone. */
  #restlessSinceMs = 0;
  #count = 0;
  #timer: Timer | null = null;
  #isStopped = false;

  constructor(options: ZombieWatchOptions) {
    this.#options = options;
  }

  /** An actor says how much CPU its thread has used. */
  report(id: string, used: { epoch: number; cpuMs: number | null }): void {
    this.#reported.report(id, used);
  }

  /** An incarnation of an actor has ended; without a word of its own its thread is suspected. */
  ended(id: string, { isAbandoned }: { isAbandoned: boolean }): void {
    this.#reported.ended(id);
    if (isAbandoned) this.suspect();
  }

  /** An actor is removed. */
  forget(id: string): void {
    this.#reported.forget(id);
  }

  /** An incarnation was ended without a word of its own. */
  suspect(): void {
    if (this.#isStopped) return;
    const { clock } = this.#options;
    this.#suspects++;
    this.#suspectedMs = clock.monotonicMs();
    this.#restlessSinceMs = this.#suspectedMs;
    if (this.#timer !== null) return;
    this.#unowned = new UnownedCpu();
    this.#timer = clock.every(ZOMBIE_SAMPLE_MS, () => this.#sample());
    this.#sample();
  }

  /** Ends the watch for good. */
  stop(): void {
    this.#isStopped = true;
    this.#rest();
  }

  #sample(): void {
    // What nobody owns up to is not known either.
    if (this.#reported.isIncomplete) return;
    const { clock, processCpuMs, mainCpuMs, isOverloaded = () => false } =
      this.#options;
    const atMs = clock.monotonicMs();
    const cores = this.#unowned.add({
      atMs,
      processCpuMs: processCpuMs(),
      ownedCpuMs: mainCpuMs() + this.#reported.totalMs,
    });
    if (cores === null) return;
    const before = this.#count;
    const judged = this.#judge(cores, atMs);
    // Of what burned a moment ago and gets little now nobody knows that it has ended.
    this.#count = judged < before && isOverloaded() ? before : judged;
    // What is neither burning nor gone stays suspected, and so does what could not burn.
    const isCleared = cores < ZOMBIE_GONE_CORES &&
      atMs - this.#suspectedMs >= ZOMBIE_SUSPECT_MS && !isOverloaded();
    if (this.#count === 0 && (before > 0 || isCleared)) this.#rest();
    if (this.#count !== before) this.#tell(cores);
  }

  /** How many burn; on a machine so busy that a burning thread gets little of it, only time can tell. */
  #judge(cores: number, atMs: number): number {
    if (cores < ZOMBIE_GONE_CORES) this.#restlessSinceMs = atMs;
    const count = countZombies(cores, {
      suspects: this.#suspects,
      before: this.#count,
    });
    const isRestless = atMs - this.#restlessSinceMs >= ZOMBIE_SUSPECT_MS;
    return count === 0 && isRestless ? 1 : count;
  }

  #rest(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#suspects = 0;
  }

  #tell(cores: number): void {
    const count = this.#count;
    const used = `${cores.toFixed(1)} cores of the last ${
      ZOMBIE_WINDOW_MS / 1_000
    } s`;
    const detail = count === 0
      ? `No terminated thread burns any more: ${used} belong to no live actor`
      : `${used} belong to no live actor: ${count} terminated ${
        count === 1 ? "thread burns" : "threads burn"
      } on. Restart the process to end that`;
    this.#options.emit({ type: "zombie_threads", count, detail });
  }
}
