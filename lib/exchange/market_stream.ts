import type { StreamOpened } from "../contracts/market.ts";
import type { Subscription } from "./candle_consumers.ts";

/** One stream of a feed worker and those who read it. */
export interface MarketStream {
  /** Last candle that was published; −1 before the first. */
  readonly headSeq: number;
  /** Nobody has read for so long that it may be closed. */
  readonly isIdle: boolean;
  /** It has ended by itself; who opens it again gets a new one. */
  readonly isOver: boolean;
  /** The answer to `openStream`. @throws {AppError} If the market cannot be had. */
  describe(): StreamOpened | Promise<StreamOpened>;
  /** A consumer wants candles; the place it had before is forgotten. */
  subscribe(link: string, subscription: Subscription): void;
  /** Whether somebody reads at the end of this link. */
  has(link: string): boolean;
  /** A consumer is done with the candles up to `seq`: its window moves on. */
  consumed(link: string, seq: number): void;
  unsubscribe(link: string): void;
  /** Sends what is due to a consumer that has credit again. */
  credited(link: string): void;
  /** Ends the stream. */
  close(): void;
}
