import type { Clock } from "../../../actors/clock.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { BAN_MEMORY_MS, BAN_SILENCE_MAX_MS, BAN_SILENCE_MS } from "./limits.ts";

/** What must outlive a process: a venue punishes who comes back too early harder. */
export interface BanRecord {
  /** Until when there is silence, wall time; null for not at all. */
  silentUntilMs: EpochMs | null;
  /** Bans in a row, each within the memory of the one before. */
  bans: number;
  lastBanAtMs: EpochMs | null;
}

/** Remembers bans, because each further one is longer. */
export class BanMemory {
  readonly silentUntilMs: number;
  #bans: number;
  #lastBanAtMs: number | null;

  constructor(record: BanRecord | null) {
    this.silentUntilMs = record?.silentUntilMs ?? -Infinity;
    this.#bans = record?.bans ?? 0;
    this.#lastBanAtMs = record?.lastBanAtMs ?? null;
  }

  /** Takes in a ban and returns for how long to be silent: what the venue says, else twice as long each time. */
  add({ ms, nowMs }: { ms: number | null; nowMs: number }): number {
    const isFresh = this.#lastBanAtMs === null ||
      Math.abs(nowMs - this.#lastBanAtMs) >= BAN_MEMORY_MS;
    this.#bans = isFresh ? 1 : this.#bans + 1;
    this.#lastBanAtMs = nowMs;
    return ms ?? Math.min(
      BAN_SILENCE_MAX_MS,
      BAN_SILENCE_MS * 2 ** (this.#bans - 1),
    );
  }

  /** Whether the last ban is still in memory. */
  isRecent(clock: Clock): boolean {
    return this.#lastBanAtMs !== null &&
      Math.abs(clock.nowMs() - this.#lastBanAtMs) < BAN_MEMORY_MS;
  }

  record(silentUntilMs: EpochMs | null): BanRecord {
    return {
      silentUntilMs,
      bans: this.#bans,
      lastBanAtMs: this.#lastBanAtMs,
    };
  }
}
