import type { CodeMeaning } from "../dialect.ts";
import { createCodeTable, recordOf, textOf } from "../code_table.ts";
import type { CcxtRecord } from "../library.ts";

/**
 * Kraken's errors, which are words.
 *
 * Source: docs.kraken.com/api/docs/guides/spot-errors.
 */
export const KRAKEN_CODES = createCodeTable({
  read: (body) => {
    const first = Array.isArray(body.error) ? body.error[0] : null;
    return typeof first === "string" ? { code: first, message: first } : null;
  },
  meanings: {
    "EGeneral:Internal error": "unknown",
    "EService:Busy": "unknown",
    "EService:Timeout": "unknown",
    "EService:Unavailable": "maintenance",
    "EAPI:Rate limit exceeded": "rate_limited",
    "EOrder:Rate limit exceeded": "rate_limited",
    "EOrder:Domain rate limit exceeded": "rate_limited",
    "EGeneral:Temporary lockout": "rate_limited",
    "EAPI:Invalid nonce": "clock",
    "EAPI:Invalid key": "auth",
    "EAPI:Invalid signature": "auth",
    "EGeneral:Permission denied": "auth",
    "EAuth:Account temporary disabled": "auth",
    "EAuth:Account unconfirmed": "auth",
    "EService:Market in cancel_only mode": "refused",
    "EService:Market in post_only mode": "refused",
    "EService:Deadline elapsed": "refused",
    "EGeneral:Invalid arguments": "refused",
    "EQuery:Unknown asset pair": "refused",
    "EOrder:Unknown order": "not_found",
    "EOrder:Invalid order": "not_found",
  },
  otherwise: (code) => {
    if (/duplicate|already exists/i.test(code)) return "duplicate";
    if (code.startsWith("EService:Throttled")) return "rate_limited";
    if (/^(EOrder|EGeneral:Invalid arguments)/.test(code)) return "refused";
    return null;
  },
});

/** What a futures order's status says of one that was not taken. */
const STATUS_MEANINGS: Readonly<Record<string, CodeMeaning>> = {
  apiLimitExceeded: "rate_limited",
  authenticationError: "auth",
  accountInactive: "auth",
  insufficientAvailableFunds: "refused",
  invalidOrderType: "refused",
  invalidSide: "refused",
  invalidSize: "refused",
  invalidPrice: "refused",
  invalidArgument: "refused",
  requiredArgumentMissing: "refused",
  tooManyOrders: "refused",
  tooManySmallOrders: "refused",
  maxPositionViolation: "refused",
  marketSuspended: "refused",
  marketInactive: "refused",
  clientOrderIdAlreadyExist: "duplicate",
  clientOrderIdTooLong: "refused",
  outsidePriceCollar: "refused",
  postWouldExecute: "refused",
  iocWouldNotExecute: "refused",
  selfFill: "refused",
  wouldCauseLiquidation: "refused",
  wouldNotReducePosition: "refused",
  wouldProcessAfterSpecifiedTime: "refused",
  notFound: "not_found",
  nonceBelowThreshold: "clock",
  nonceDuplicate: "clock",
  Unavailable: "maintenance",
  "Server Error": "unknown",
  unknownError: "unknown",
};

const DONE = ["placed", "filled", "cancelled", "partiallyFilled", "attempted"];

/**
 * Errors of Kraken's futures, and the status of an order that was not taken.
 *
 * Source: docs.kraken.com/api/docs/futures-api/trading/send-order.
 */
export const KRAKEN_FUTURES_CODES = createCodeTable({
  read: (body) => {
    const error = textOf(body, "error") ?? statusOf(body);
    return error === null ? null : { code: error, message: error };
  },
  meanings: STATUS_MEANINGS,
});

function statusOf(body: CcxtRecord): string | null {
  const part = recordOf(body.sendStatus) ?? recordOf(body.cancelStatus);
  const status = part === null ? null : textOf(part, "status");
  return status === null || DONE.includes(status) ? null : status;
}
