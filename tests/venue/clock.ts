/** Time of the fake venue: what it says, and what it does later. */
export interface VenueClock {
  /** Epoch milliseconds as the venue sees them, its own error included. */
  now(): number;
  /** Runs `action` once, later; the answer takes it back. */
  after(ms: number, action: () => void): () => void;
  /** Resolves later; also when the clock ends. */
  wait(ms: number): Promise<void>;
  /** Takes back everything that is still to come and lets all who wait go on. */
  end(): void;
}

interface Due {
  at: number;
  action: () => void;
  /** Somebody waits for it, so the end of the clock runs it too. */
  isAwaited: boolean;
}

/** The real time, `skewMs` ahead. */
export class RealClock implements VenueClock {
  skewMs = 0;
  readonly #timers = new Map<
    ReturnType<typeof setTimeout>,
    (() => void) | null
  >();

  now(): number {
    return Date.now() + this.skewMs;
  }

  after(ms: number, action: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.set(timer, null);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      resolve();
    }, ms);
    this.#timers.set(timer, resolve);
    return promise;
  }

  end(): void {
    for (const [timer, release] of this.#timers) {
      clearTimeout(timer);
      release?.();
    }
    this.#timers.clear();
  }
}

/** A time that stands still until a test moves it. */
export class ManualClock implements VenueClock {
  #now: number;
  #due: Due[] = [];

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const due = { at: this.#now + ms, action, isAwaited: false };
    this.#due.push(due);
    return () => {
      this.#due = this.#due.filter((other) => other !== due);
    };
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) =>
      this.#due.push({ at: this.#now + ms, action: resolve, isAwaited: true })
    );
  }

  /** Moves on, and runs what comes due in its order. */
  advance(ms: number): void {
    const target = this.#now + ms;
    for (;;) {
      const next = this.#due.filter((due) => due.at <= target)
        .sort((left, right) => left.at - right.at)[0];
      if (next === undefined) break;
      this.#due = this.#due.filter((due) => due !== next);
      this.#now = next.at;
      next.action();
    }
    this.#now = target;
  }

  end(): void {
    const due = this.#due;
    this.#due = [];
    for (const { action, isAwaited } of due) if (isAwaited) action();
  }
}
