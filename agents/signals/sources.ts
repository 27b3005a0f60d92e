import type { Output } from "../../actors/behavior.ts";
import { LINKS } from "../../lib/contracts/links.ts";
import type {
  ListenerToSource,
  Signal,
  SignalsTold,
} from "../../lib/contracts/signal.ts";
import { assert } from "../../lib/core/assert.ts";
import { SIGNALS_WINDOW, TAKEN_EVERY } from "./limits.ts";

/** A signal with where it came from. */
export interface HeardSignal {
  sourceId: string;
  /** Number of the source that stays the same for as long as it is listened to. */
  slot: number;
  signal: Signal;
}

/** Signals of a source that can no longer be had. They are never traded. */
export interface LostSignals {
  sourceId: string;
  /** The candles that they may have been of, the last one not included. */
  fromSeq: number;
  beforeSeq: number;
}

/** State of {@link SignalSources}. What waits is asked for again. */
export interface SignalSourcesSnapshot {
  sources: { sourceId: string; slot: number; takenSeq: number }[];
}

interface Source {
  slot: number;
  isOpen: boolean;
  /** Everything up to here was heard. */
  heardSeq: number;
  /** Everything up to here was handed over. */
  takenSeq: number;
  /** What the source was told last to be taken, and to be stored; −1 for nothing. */
  toldTakenSeq: number;
  keptSeq: number;
  /** What was lost before this candle was noted. */
  lostSeq: number;
  /** Heard and not handed over, oldest first. */
  waiting: Signal[];
}

const NOTHING: readonly Output[] = [];

/**
 * The listener's side of signals (contracts/signal.ts): hears several sources,
 * and hands their signals over in an order that does not depend on which came
 * first. Pure; its owner sends what it answers.
 */
export class SignalSources {
  readonly #sources = new Map<string, Source>();
  /** What was handed over at the last snapshots, oldest first. */
  #snapshots: ReadonlyMap<string, number>[] = [];
  #lost: LostSignals[] = [];

  /** `sourceIds` in the order in which their signals count; candles up to `decidedSeq` are not asked for. */
  constructor(
    { sourceIds, decidedSeq, snapshot }: {
      sourceIds: readonly string[];
      decidedSeq: number;
      snapshot: SignalSourcesSnapshot | null;
    },
  ) {
    const known = new Map(
      snapshot?.sources.map((source) => [source.sourceId, source]),
    );
    for (const sourceId of sourceIds) {
      const stored = known.get(sourceId);
      const takenSeq = stored?.takenSeq ?? decidedSeq;
      // What it starts from is stored.
      const source = createSource({ takenSeq, keptSeq: takenSeq });
      if (stored !== undefined) source.slot = stored.slot;
      this.#sources.set(sourceId, source);
    }
    this.#giveSlots();
  }

  /** Listens to others from the next candle on; those that stay are not disturbed. */
  configure(sourceIds: readonly string[], decidedSeq: number): void {
    const before = new Map(this.#sources);
    this.#sources.clear();
    for (const sourceId of sourceIds) {
      this.#sources.set(
        sourceId,
        before.get(sourceId) ??
          createSource({ takenSeq: decidedSeq, keptSeq: -1 }),
      );
    }
    this.#giveSlots();
  }

  #giveSlots(): void {
    const sources = [...this.#sources.values()];
    const taken = new Set(sources.map(({ slot }) => slot));
    for (const source of sources) {
      if (source.slot >= 0) continue;
      let slot = 0;
      while (taken.has(slot)) slot++;
      taken.add(slot);
      source.slot = slot;
    }
  }

  /** Whether the signals of every source up to a candle are here. */
  isReady(seq: number): boolean {
    for (const { heardSeq } of this.#sources.values()) {
      if (heardSeq < seq) return false;
    }
    return true;
  }

  /** The same of the sources whose link is open. */
  isReadyWhereOpen(seq: number): boolean {
    for (const { heardSeq, isOpen } of this.#sources.values()) {
      if (isOpen && heardSeq < seq) return false;
    }
    return true;
  }

  /** The sources whose signals up to a candle are not here. */
  missing(seq: number): string[] {
    return [...this.#sources].flatMap(([sourceId, { heardSeq }]) =>
      heardSeq < seq ? [sourceId] : []
    );
  }

  /** The link of a source is open: asks for what is missing. Nothing for an agent that is no source any more. */
  open(sourceId: string): readonly Output[] {
    const source = this.#sources.get(sourceId);
    if (source === undefined) return NOTHING;
    source.isOpen = true;
    source.waiting = [];
    source.heardSeq = source.takenSeq;
    source.toldTakenSeq = source.takenSeq;
    return [
      toSource(sourceId, {
        type: "listen",
        fromSeq: source.takenSeq + 1,
        windowCandles: SIGNALS_WINDOW,
      }),
      toSource(sourceId, { type: "kept", seq: source.keptSeq }),
    ];
  }

  close(sourceId: string): void {
    const source = this.#sources.get(sourceId);
    if (source !== undefined) source.isOpen = false;
  }

  /**
   * Takes a message of a source.
   *
   * @throws {DefectError} If candles are missing between it and the one before.
   */
  receive(sourceId: string, message: unknown): void {
    const source = this.#sources.get(sourceId);
    if (source === undefined) return;
    const { fromSeq, toSeq, signals, lostBeforeSeq } = message as SignalsTold;
    assert(
      fromSeq === source.heardSeq + 1 && toSeq >= fromSeq,
      `Signals of "${sourceId}" must go on at ${
        source.heardSeq + 1
      }, were of ${fromSeq} to ${toSeq}`,
    );
    source.heardSeq = toSeq;
    for (const signal of signals) source.waiting.push(signal);
    if (lostBeforeSeq !== undefined && lostBeforeSeq > source.lostSeq) {
      source.lostSeq = lostBeforeSeq;
      this.#lost.push({ sourceId, fromSeq, beforeSeq: lostBeforeSeq });
    }
  }

  /**
   * Hands over the signals up to a candle: by candle, then in the order of the
   * sources, then of each source. Signals of sources that are ahead wait.
   */
  take(seq: number): HeardSignal[] {
    const taken: HeardSignal[] = [];
    for (const [sourceId, source] of this.#sources) {
      const { waiting, slot } = source;
      source.takenSeq = Math.max(
        source.takenSeq,
        Math.min(seq, source.heardSeq),
      );
      let count = 0;
      while (count < waiting.length && waiting[count]!.seq <= seq) {
        taken.push({ sourceId, slot, signal: waiting[count]! });
        count++;
      }
      if (count > 0) waiting.splice(0, count);
    }
    return taken.length < 2
      ? taken
      : taken.sort((a, b) => a.signal.seq - b.signal.seq);
  }

  /** What could not be had since the last call. */
  takeLost(): LostSignals[] {
    const lost = this.#lost;
    if (lost.length > 0) this.#lost = [];
    return lost;
  }

  /** Tells the sources now and then what was taken. To be sent after {@link take}. */
  tellTaken(): readonly Output[] {
    let outputs: Output[] | null = null;
    for (const [sourceId, source] of this.#sources) {
      const { takenSeq, toldTakenSeq, isOpen } = source;
      if (!isOpen || takenSeq - toldTakenSeq < TAKEN_EVERY) continue;
      source.toldTakenSeq = takenSeq;
      outputs ??= [];
      outputs.push(toSource(sourceId, { type: "taken", seq: takenSeq }));
    }
    return outputs ?? NOTHING;
  }

  /** A source waits to be told that what was taken of it is stored; in lockstep it stands still at last. */
  isSnapshotDue(): boolean {
    return [...this.#sources.values()].some(({ takenSeq, keptSeq }) =>
      takenSeq > keptSeq
    );
  }

  /** A snapshot was taken: the one before the one before is surely stored, so the sources may forget what led to it. */
  snapshotTaken(): readonly Output[] {
    const now = new Map(
      [...this.#sources].map(([id, { takenSeq }]) => [id, takenSeq]),
    );
    this.#snapshots.push(now);
    if (this.#snapshots.length < 3) return NOTHING;
    const stored = this.#snapshots.shift()!;
    return [...this.#sources].flatMap(([sourceId, source]) => {
      const seq = stored.get(sourceId) ?? -1;
      if (seq <= source.keptSeq) return [];
      source.keptSeq = seq;
      return source.isOpen ? [toSource(sourceId, { type: "kept", seq })] : [];
    });
  }

  snapshot(): SignalSourcesSnapshot {
    return {
      sources: [...this.#sources].map(([sourceId, { slot, takenSeq }]) => ({
        sourceId,
        slot,
        takenSeq,
      })),
    };
  }
}

/** A source that was not heard yet, without a number. */
function createSource(
  { takenSeq, keptSeq }: { takenSeq: number; keptSeq: number },
): Source {
  return {
    slot: -1,
    isOpen: false,
    heardSeq: takenSeq,
    takenSeq,
    toldTakenSeq: takenSeq,
    keptSeq,
    lostSeq: 0,
    waiting: [],
  };
}

function toSource(sourceId: string, message: ListenerToSource): Output {
  return { to: "link", link: LINKS.sourceOf(sourceId), message };
}
