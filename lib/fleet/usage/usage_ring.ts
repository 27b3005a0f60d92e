/** What an agent used between two of its heartbeats. Null is unknown. */
export interface UsageSample {
  /** Time between the two. */
  spanMs: number;
  busyMs: number;
  received: number;
  sent: number;
  cpuMs: number | null;
  requests: number | null;
  heapBytes: number | null;
  loopLagMsP99: number | null;
  mailboxDepth: number;
}

/** What the samples of a window add up to. */
export interface UsageTotals {
  /** Time that the samples cover, and the parts of it whose CPU time and requests are known. */
  spanMs: number;
  cpuSpanMs: number;
  requestsSpanMs: number;
  busyMs: number;
  received: number;
  sent: number;
  cpuMs: number;
  requests: number;
  /** Newest and highest. */
  heapBytes: number | null;
  heapBytesMax: number | null;
  loopLagMsP99: number | null;
  mailboxDepthMax: number | null;
}

/** Size of a ring: a window is `slots` times `slotMs`, the running slot included. */
export interface RingSize {
  slotMs: number;
  slots: number;
}

interface Slot {
  /** Number of the slot since time 0. */
  index: number;
  totals: UsageTotals;
}

/**
 * What an agent used over a sliding window, in a fixed number of slots: a slot
 * that has left the window is overwritten. Times are of the monotonic clock and
 * never go back.
 */
export class UsageRing {
  readonly #size: RingSize;
  readonly #slots: (Slot | undefined)[];

  constructor(size: RingSize) {
    this.#size = size;
    this.#slots = new Array(size.slots);
  }

  /** Adds what was used up to `atMs`. */
  add(atMs: number, sample: UsageSample): void {
    const index = this.#indexOf(atMs);
    const place = index % this.#size.slots;
    let slot = this.#slots[place];
    if (slot?.index !== index) {
      slot = { index, totals: emptyTotals() };
      this.#slots[place] = slot;
    }
    addSample(slot.totals, sample);
  }

  /** The sum of all samples of the window that ends at `nowMs`. */
  totals(nowMs: number): UsageTotals {
    const now = this.#indexOf(nowMs);
    const sum = emptyTotals();
    const inWindow = this.#slots
      .filter((slot) =>
        slot !== undefined && slot.index > now - this.#size.slots
      ) as Slot[];
    for (const { totals } of inWindow.sort((a, b) => a.index - b.index)) {
      addTotals(sum, totals);
    }
    return sum;
  }

  #indexOf(atMs: number): number {
    return Math.floor(atMs / this.#size.slotMs);
  }
}

/** Totals of nothing. */
export function emptyTotals(): UsageTotals {
  return {
    spanMs: 0,
    cpuSpanMs: 0,
    requestsSpanMs: 0,
    busyMs: 0,
    received: 0,
    sent: 0,
    cpuMs: 0,
    requests: 0,
    heapBytes: null,
    heapBytesMax: null,
    loopLagMsP99: null,
    mailboxDepthMax: null,
  };
}

function addSample(totals: UsageTotals, sample: UsageSample): void {
  const { spanMs, cpuMs, requests, heapBytes } = sample;
  addTotals(totals, {
    ...sample,
    cpuMs: cpuMs ?? 0,
    cpuSpanMs: cpuMs === null ? 0 : spanMs,
    requests: requests ?? 0,
    requestsSpanMs: requests === null ? 0 : spanMs,
    heapBytesMax: heapBytes,
    mailboxDepthMax: sample.mailboxDepth,
  });
}

/** `later` is newer than all that `totals` holds. */
function addTotals(totals: UsageTotals, later: UsageTotals): void {
  totals.spanMs += later.spanMs;
  totals.cpuSpanMs += later.cpuSpanMs;
  totals.requestsSpanMs += later.requestsSpanMs;
  totals.busyMs += later.busyMs;
  totals.received += later.received;
  totals.sent += later.sent;
  totals.cpuMs += later.cpuMs;
  totals.requests += later.requests;
  totals.heapBytes = later.heapBytes ?? totals.heapBytes;
  totals.heapBytesMax = highest(totals.heapBytesMax, later.heapBytesMax);
  totals.loopLagMsP99 = highest(totals.loopLagMsP99, later.loopLagMsP99);
  totals.mailboxDepthMax = highest(
    totals.mailboxDepthMax,
    later.mailboxDepthMax,
  );
}

function highest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}
