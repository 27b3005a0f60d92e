/**
 * What follows a refusal: the table of causes, and which of them count against
 * the breaker.
 *
 * @module
 */
import type {
  ExecutionConfig,
  RefusalCourse,
} from "../../lib/contracts/execution_config.ts";
import type { RefusalCause } from "../../lib/contracts/order.ts";

/** Why an order is over, as events tell it. */
export interface RefusedOrder {
  /** Left out by a desk that does not say. */
  cause?: RefusalCause | undefined;
  /** Whether its way was denied; a withdrawn one had been accepted. */
  isDenied: boolean;
  /** A part that came when its entry was over already: nobody's fault. */
  isLatePart?: boolean;
  detail: string;
}

/** What to do about it. One that was withdrawn on purpose, or whose time is over, is given up. */
export function courseOf(
  { cause, isDenied, isLatePart }: RefusedOrder,
  config: ExecutionConfig,
): RefusalCourse {
  if (isLatePart) return "give_up";
  switch (cause) {
    case "funds":
      return config.onFunds;
    case "rate":
      return config.onRate;
    case "price":
      return config.onPrice;
    case "post_only":
      return config.onPostOnly;
    case "maintenance":
      return config.onMaintenance;
    case "unknown_outcome":
      // An order that may be at the venue is never sent again.
      return isDenied ? config.onUnknownOutcome : "give_up";
    case "permission":
      return config.onPermission;
    case "invalid":
      return config.onInvalid;
    case "expired":
      // Denied: the market had moved on to the next candle.
      return isDenied ? "retry" : "give_up";
    case "withdrawn":
    case undefined:
      return "give_up";
  }
}

/** Whether a refusal is a failure; a person's word, a withdrawal and a limit that would have taken are none. */
export function isFailure({ cause, isLatePart }: RefusedOrder): boolean {
  if (isLatePart) return false;
  switch (cause) {
    case "funds":
    case "rate":
    case "price":
    case "maintenance":
    case "unknown_outcome":
    case "invalid":
      return true;
    case "post_only":
    case "permission":
    case "expired":
    case "withdrawn":
    case undefined:
      return false;
  }
}

/** Candles until the next attempt after `attempts` of them: doubled each time. */
export function waitCandles(
  attempts: number,
  { retryCandles }: Pick<ExecutionConfig, "retryCandles">,
): number {
  return retryCandles * 2 ** (attempts - 1);
}
