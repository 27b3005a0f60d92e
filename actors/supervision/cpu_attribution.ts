/**
 * The arithmetic of CPU time: what the whole process used, less what its live
 * threads say they used, is what nobody owns up to. Pure.
 *
 * @module
 */
import {
  ZOMBIE_CORES,
  ZOMBIE_GONE_CORES,
  ZOMBIE_WINDOW_MS,
} from "../limits.ts";

/** CPU time used until one moment. */
export interface CpuSample {
  /** Monotonic. */
  atMs: number;
  /** All threads of the process, dead ones included. */
  processCpuMs: number;
  /** The part of it that the main isolate and the actors own up to. */
  ownedCpuMs: number;
}

/** Adds up what actors report of their own threads, over all incarnations. */
export class ReportedCpu {
  readonly #latest = new Map<string, { epoch: number; cpuMs: number }>();
  readonly #unmeasured = new Set<string>();
  #totalMs = 0;

  /** Some actor that runs has not said yet what it used. */
  get isIncomplete(): boolean {
    return this.#unmeasured.size > 0;
  }

  /** CPU time that was ever reported. It never falls, whoever ends. */
  get totalMs(): number {
    return this.#totalMs;
  }

  /** Takes the figure of one heartbeat, null while it is not measured yet. */
  report(
    id: string,
    { epoch, cpuMs }: { epoch: number; cpuMs: number | null },
  ): void {
    if (typeof cpuMs !== "number") {
      this.#unmeasured.add(id);
      return;
    }
    this.#unmeasured.delete(id);
    const latest = this.#latest.get(id);
    const before = latest?.epoch === epoch ? latest.cpuMs : 0;
    this.#totalMs += Math.max(0, cpuMs - before);
    this.#latest.set(id, { epoch, cpuMs });
  }

  /** Nothing of an actor runs any more. */
  ended(id: string): void {
    this.#unmeasured.delete(id);
  }

  /** An actor is no more. */
  forget(id: string): void {
    this.ended(id);
    this.#latest.delete(id);
  }
}

/** CPU that nobody owns up to, over a sliding window. */
export class UnownedCpu {
  #samples: CpuSample[] = [];

  /** Adds a sample and returns the cores that nobody owned up to, or null until the window is full. */
  add(sample: CpuSample): number | null {
    this.#samples.push(sample);
    // The youngest one that is a whole window old; a timer may be a little early.
    const isOld = ({ atMs }: CpuSample) =>
      sample.atMs - atMs >= ZOMBIE_WINDOW_MS - 100;
    const first = this.#samples.findLastIndex(isOld);
    if (first < 0) return null;
    this.#samples = this.#samples.slice(first);
    const oldest = this.#samples[0]!;
    const usedMs = sample.processCpuMs - oldest.processCpuMs;
    const ownedMs = sample.ownedCpuMs - oldest.ownedCpuMs;
    return Math.max(0, (usedMs - ownedMs) / (sample.atMs - oldest.atMs));
  }
}

/** How many of the suspected threads burn, judged by the cores that nobody owned up to. */
export function countZombies(
  cores: number,
  { suspects, before }: { suspects: number; before: number },
): number {
  const count = Math.min(suspects, Math.floor(cores / ZOMBIE_CORES));
  return count === 0 && before > 0 && cores >= ZOMBIE_GONE_CORES ? 1 : count;
}
