/**
 * What an agent asked of its desk and what the desk answered, as a list that
 * people can read. Made from the agent's log lines, which are kept; the desk's
 * journal stays the truth.
 *
 * @module
 */
import type { OpenOrderView } from "./account.ts";
import { DENIAL_CAUSES, DENIAL_CODES, type DenialCode } from "./denials.ts";
import type { LogEntry } from "./log.ts";
import type { RefusalCause } from "./order.ts";
import type { EpochMs } from "./primitives.ts";

/** What happened: `ordered` and `changed` are asked by the agent, the rest is the desk's answer. */
export const DESK_RECORD_KINDS = [
  "ordered",
  "changed",
  "denied",
  "filled",
  "closed",
  "trading_state",
] as const;
export type DeskRecordKind = (typeof DESK_RECORD_KINDS)[number];

/** One entry. What an entry of its kind does not have, or an older build did not write, is null. */
export interface DeskRecord {
  /** Place in the log; newer ones are higher. */
  seq: number;
  at: EpochMs;
  /** Market time where it differs from real time. */
  marketAt: EpochMs | null;
  kind: DeskRecordKind;
  message: string;
  intentId: string | null;
  /** Why it was denied, or why trading changed. */
  denial: {
    code: DenialCode;
    /** What the code means, in one sentence. */
    meaning: string;
    cause: RefusalCause;
  } | null;
  fill: {
    side: "buy" | "sell";
    role: string;
    quantity: string;
    price: string;
    fee: string;
    liquidity: string;
  } | null;
  /** Why it was ordered, most important first. */
  reasons: readonly string[];
}

/** `GET /api/agents/{id}/orders`. */
export interface OrdersResponse {
  /** Null while the account is not known. */
  openOrders: readonly OpenOrderView[] | null;
  /** Newest first; a page may be shorter than asked for and still have one after it. */
  items: readonly DeskRecord[];
  nextCursor: string | null;
}

/** The entry that a log line of an agent tells of; null where it is about something else. */
export function toDeskRecord(line: LogEntry): DeskRecord | null {
  const { seq, at, marketAt, message, data = {} } = line;
  const kind = kindOf(line);
  if (kind === null) return null;
  return {
    seq,
    at,
    marketAt,
    kind,
    message,
    intentId: textAt(data, "intentId"),
    denial: denialOf(data["code"]),
    fill: kind === "filled" ? fillOf(data) : null,
    reasons: Array.isArray(data["reasons"]) ? data["reasons"].map(String) : [],
  };
}

type Data = Readonly<Record<string, unknown>>;

function kindOf({ category, data = {} }: LogEntry): DeskRecordKind | null {
  const isOfIntent = typeof data["intentId"] === "string";
  switch (category) {
    case "risk":
      if (!("code" in data)) return null;
      return isOfIntent ? "denied" : "trading_state";
    case "trade":
      if ("tradeId" in data) return "closed";
      return "orderId" in data ? "filled" : null;
    case "decision":
      if (!isOfIntent) return null;
      return "reasons" in data ? "ordered" : "changed";
    default:
      return null;
  }
}

function denialOf(code: unknown): DeskRecord["denial"] {
  if (typeof code !== "string" || !Object.hasOwn(DENIAL_CODES, code)) {
    return null;
  }
  const known = code as DenialCode;
  return {
    code: known,
    meaning: DENIAL_CODES[known],
    cause: DENIAL_CAUSES[known],
  };
}

function fillOf(data: Data): DeskRecord["fill"] {
  const { side } = data;
  const [role, quantity, price, fee, liquidity] = [
    "role",
    "quantity",
    "price",
    "fee",
    "liquidity",
  ].map((name) => textAt(data, name));
  const isWhole = (side === "buy" || side === "sell") && role && quantity &&
    price && fee && liquidity;
  return isWhole ? { side, role, quantity, price, fee, liquidity } : null;
}

function textAt(data: Data, name: string): string | null {
  const value = data[name];
  return typeof value === "string" ? value : null;
}
