/**
 * What a failure of ccxt's means. The venue's own code decides; the library's
 * class only where the code is not known, for its classes mix things up: a clock
 * that is off is a network error there, and so is every status 400 to 409.
 *
 * @module
 */
import type { RefusalCause } from "../../contracts/order.ts";
import type { VenueOrder } from "../../contracts/venue.ts";
import {
  type CreateOutcome,
  VenueError,
  type VenueErrorKind,
} from "../gateway/port.ts";
import { recordOf } from "./code_table.ts";
import type { CodeMeaning, Dialect } from "./dialect.ts";
import { classesOf } from "./error_classes.ts";
import { refusalCauseOf } from "./refusal_causes.ts";
import { VENUE_SENTENCE_MAX } from "./limits.ts";
import type { CcxtRecord } from "./library.ts";
import type { CallRecord } from "./transport.ts";

/** What is known of a failure. */
interface Finding {
  meaning: CodeMeaning;
  code: string | null;
  sentence: string;
  retryAfterMs: number | null;
}

/** Whose failures are judged, and what must never be in a sentence. */
export interface ErrorContext {
  dialect: Dialect;
  /** Keys of the account; every one of them is taken out of sentences. */
  secrets: readonly string[];
}

/** ccxt's classes by what they mean where the venue's code is not known; the first that fits counts. */
const CLASS_MEANINGS: readonly (readonly [string, CodeMeaning])[] = [
  ["SilentVenue", "rate_limited"],
  ["OnMaintenance", "maintenance"],
  ["InvalidNonce", "clock"],
  ["RateLimitExceeded", "rate_limited"],
  ["DDoSProtection", "rate_limited"],
  ["OperationFailed", "unknown"],
  ["BadResponse", "unknown"],
  ["AuthenticationError", "auth"],
  ["PermissionDenied", "auth"],
  ["AccountSuspended", "auth"],
  ["DuplicateOrderId", "duplicate"],
  ["OrderNotFound", "not_found"],
  ["InsufficientFunds", "refused"],
  ["InvalidOrder", "refused"],
  ["BadSymbol", "refused"],
  ["BadRequest", "refused"],
  ["ArgumentsRequired", "refused"],
  ["NotSupported", "refused"],
  ["OperationRejected", "refused"],
];

/** The failure of a read or a cancel. */
export function toVenueError(
  error: unknown,
  record: CallRecord,
  context: ErrorContext,
): VenueError {
  if (error instanceof VenueError) return error;
  const { code, meaning, retryAfterMs, sentence } = judge(
    error,
    record,
    context,
  );
  const kind = meaning === "duplicate" ? "refused" : meaning;
  return new VenueError(kind, sentence, { venueCode: code, retryAfterMs });
}

/**
 * The outcome of a create call that failed. It is a rejection only if nothing
 * was sent, or if the venue itself decoded the order and said no.
 */
export function toOutcome(
  error: unknown,
  record: CallRecord,
  context: ErrorContext,
): CreateOutcome {
  const { code, meaning, retryAfterMs, sentence } = judge(
    error,
    record,
    context,
  );
  if (!record.isSent) {
    return {
      kind: "rejected",
      errorKind: isSettled(meaning) ? meaning : "refused",
      venueCode: code,
      detail: sentence,
      retryAfterMs,
      ...causeField(error, meaning, sentence),
    };
  }
  if (isProven(meaning, code, record, context.dialect) && isSettled(meaning)) {
    return {
      kind: "rejected",
      errorKind: meaning,
      venueCode: code,
      detail: sentence,
      retryAfterMs,
      ...causeField(error, meaning, sentence),
    };
  }
  return { kind: "unknown", venueCode: code, detail: sentence };
}

/** The class of a refusal, where it is more than that the order was wrong. */
function causeField(
  error: unknown,
  meaning: CodeMeaning,
  sentence: string,
): { cause?: RefusalCause } {
  if (meaning !== "refused") return {};
  const cause = refusalCauseOf(classesOf(error), sentence);
  return cause === null ? {} : { cause };
}

/** An order that was taken. */
export function accepted(order: VenueOrder): CreateOutcome {
  return { kind: "accepted", order };
}

/** An order that the venue, or we before it, said no to. */
export function refused(detail: string): CreateOutcome {
  return {
    kind: "rejected",
    errorKind: "refused",
    venueCode: null,
    detail,
    retryAfterMs: null,
  };
}

function isSettled(
  meaning: CodeMeaning,
): meaning is Exclude<VenueErrorKind, "unknown" | "not_found"> {
  return meaning !== "unknown" && meaning !== "not_found" &&
    meaning !== "duplicate";
}

/** Whether the order can be nowhere at the venue. */
function isProven(
  meaning: CodeMeaning,
  code: string | null,
  record: CallRecord,
  { codes }: Dialect,
): boolean {
  const { status } = record;
  if (status === null || status >= 500) return false;
  if (codes?.provenRateStatuses.includes(status)) return true;
  // A closed venue may have taken what it got before.
  if (meaning === "maintenance") return false;
  // An answer without an error of the venue's: the complaint is the library's own.
  if (codes !== null) return code !== null;
  // By the library's class alone, a limit may have been met behind the order.
  return meaning !== "rate_limited";
}

function judge(
  error: unknown,
  record: CallRecord,
  context: ErrorContext,
): Finding {
  const { dialect } = context;
  const { body, retryAfterMs, status } = record;
  const decoded = body === null ? null : decode(body);
  const told = decoded === null || dialect.codes === null
    ? null
    : dialect.codes.read(decoded);
  const isProvenRate = status !== null &&
    (dialect.codes?.provenRateStatuses.includes(status) ?? false);
  const byCode = told === null
    ? null
    : dialect.codes!.meaningOf(told.code, told.message);
  const meaning = isProvenRate || status === 429
    ? "rate_limited"
    : byCode ?? meaningOfClass(error, record, decoded);
  return {
    meaning,
    code: told?.code ?? null,
    sentence: clean(
      `${dialect.profile.exchange} ${
        sentenceOf(error, record, told?.message ?? null)
      }`,
      context.secrets,
    ),
    retryAfterMs,
  };
}

/** By the library's class, if the request never left or the venue's answer was read. */
function meaningOfClass(
  error: unknown,
  record: CallRecord,
  decoded: CcxtRecord | null,
): CodeMeaning {
  if (record.isSent && (decoded === null || (record.status ?? 500) >= 500)) {
    return "unknown";
  }
  const classes = classesOf(error);
  return CLASS_MEANINGS.find(([name]) => classes.includes(name))?.[1] ??
    "unknown";
}

/** What happened, after the name of the venue. Never the library's sentence of a request: it holds the signed address. */
function sentenceOf(
  error: unknown,
  record: CallRecord,
  told: string | null,
): string {
  const { isSent, status } = record;
  if (told !== null && told !== "") return `answered: ${told}`;
  if (status !== null) return `answered with status ${status}`;
  if (isSent) {
    return classesOf(error).includes("RequestTimeout")
      ? "gave no answer in time"
      : "could not be reached, or broke off the connection";
  }
  const own = error instanceof Error ? error.message : String(error);
  return `was not asked: ${own.replace(/^[a-z0-9]+ /, "")}`;
}

/** One line without keys, signatures and addresses, of bounded length. */
function clean(sentence: string, secrets: readonly string[]): string {
  let text = sentence.replaceAll(/\s+/g, " ");
  for (const secret of secrets) {
    if (secret !== "") text = text.replaceAll(secret, "…");
  }
  return text
    .replaceAll(/\w+:\/\/\S+/g, "…")
    .replaceAll(/[A-Za-z0-9+/=_-]{40,}/g, "…")
    .slice(0, VENUE_SENTENCE_MAX).trim();
}

function decode(body: string): CcxtRecord | null {
  try {
    return recordOf(JSON.parse(body));
  } catch {
    return null;
  }
}
