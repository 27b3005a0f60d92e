import type { Clock, Timer } from "../../actors/mod.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import { type VenueId, venueKey } from "../contracts/venue.ts";
import { SharedSilence } from "../exchange/budget/shared_silence.ts";
import { SILENCE_LOOK_MS } from "./limits.ts";

/** Where silences outlive the process: a venue punishes who comes back too early harder. */
export interface SilenceFile {
  /** Ends by venue, wall time. */
  load(): Readonly<Record<string, EpochMs>>;
  save(ends: Readonly<Record<string, EpochMs>>): void;
}

/** The silence of each venue, shared by its feed and its desk. */
export class VenueSilences {
  readonly #clock: Clock;
  readonly #file: SilenceFile | null;
  readonly #known: Readonly<Record<string, EpochMs>>;
  readonly #silences = new Map<string, SharedSilence>();
  readonly #saved = new Map<string, EpochMs>();
  #timer: Timer | null = null;

  constructor(
    { clock, file }: { clock: Clock; file: SilenceFile | null },
  ) {
    this.#clock = clock;
    this.#file = file;
    this.#known = file?.load() ?? {};
  }

  /** Of one venue; the same for everybody. */
  of(venue: VenueId): SharedSilence {
    const key = venueKey(venue);
    let silence = this.#silences.get(key);
    if (silence === undefined) {
      silence = SharedSilence.create(this.#clock, this.#known[key] ?? null);
      this.#silences.set(key, silence);
      if (this.#file !== null) {
        this.#timer ??= this.#clock.every(SILENCE_LOOK_MS, () => this.#look());
      }
    }
    return silence;
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#look();
  }

  /** Workers write into shared memory and tell nobody. */
  #look(): void {
    let isNew = false;
    for (const [key, { untilMs }] of this.#silences) {
      if (untilMs === null || this.#saved.get(key) === untilMs) continue;
      this.#saved.set(key, untilMs);
      isNew = true;
    }
    if (isNew) this.#file?.save(Object.fromEntries(this.#saved));
  }
}
