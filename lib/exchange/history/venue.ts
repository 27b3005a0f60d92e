/** A venue that gives old candles of one market. */
export interface HistoryVenue {
  /** How the venue is called, for instance `binance`. */
  readonly id: string;
  /** Candles of one answer at most. */
  readonly pageCandles: number;
  /**
   * The venue's time, because its clock decides whether a candle is over.
   *
   * @throws {VenueFailure}
   */
  now(): Promise<number>;
  /**
   * Rows of `[openAt, open, high, low, close, volume]` from a time on, as the venue gives them: unchecked.
   *
   * @throws {VenueFailure}
   */
  fetchPage(sinceAt: number): Promise<readonly (readonly unknown[])[]>;
}

/** A question that a venue did not answer. */
export class VenueFailure extends Error {
  override name = "VenueFailure";
  /** Whether the same question may be answered later. */
  readonly isPassing: boolean;
  /** How long the venue asks to wait; null if it does not say. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    options: {
      isPassing: boolean;
      retryAfterMs?: number | null;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.isPassing = options.isPassing;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
