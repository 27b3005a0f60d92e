import type { RefusalCause } from "../../../contracts/order.ts";
import type { AccountLog } from "../account_log.ts";

/** Sends nothing more for any intent, or for any but one; their working orders are for the caller. */
export function endParents(
  log: AccountLog,
  { reason, cause = "withdrawn", except }: {
    reason: string;
    cause?: RefusalCause;
    except?: string | undefined;
  },
): void {
  const { intents } = log.book;
  if (intents.openParents === 0) return;
  for (const { intent: { intentId } } of intents.withOpenParent()) {
    if (intentId === except) continue;
    log.record({ type: "PARENT_OVER", intentId, reason, cause });
  }
}

/** Ends the intents whose last candle was `seq`. */
export function endExpiredParents(log: AccountLog, seq: number): void {
  for (const { intent } of log.book.intents.withOpenParent()) {
    const { intentId, expireAfterSeq } = intent;
    if (expireAfterSeq === null || seq < expireAfterSeq) continue;
    log.record({
      type: "PARENT_OVER",
      intentId,
      reason: `Not filled in full until candle ${expireAfterSeq}`,
      cause: "expired",
    });
  }
}
