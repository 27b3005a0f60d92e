import { VenueFailure } from "../history/venue.ts";
import { classesOf } from "./error_classes.ts";
import { VENUE_SENTENCE_MAX } from "./limits.ts";
import { newCallRecord, type Transport } from "./transport.ts";

/** What ccxt throws for a request that no repetition mends. */
const LASTING = new Set([
  "AuthenticationError",
  "BadRequest",
  "BadSymbol",
  "NotSupported",
  "PermissionDenied",
]);

/** Asks by the one way out; a failure says whether and when to ask again. @throws {VenueFailure} */
export async function asked<T>(
  transport: Transport,
  id: string,
  question: () => Promise<T>,
): Promise<T> {
  const record = newCallRecord();
  try {
    return await transport.run(record, question);
  } catch (error) {
    throw toFailure(error, { id, retryAfterMs: record.retryAfterMs });
  }
}

/** A failure of ccxt's in our words. Whatever it is, the venue may be well again later, unless its class says otherwise. */
export function toFailure(
  error: unknown,
  { id, retryAfterMs = null }: { id: string; retryAfterMs?: number | null },
): VenueFailure {
  if (error instanceof VenueFailure) return error;
  const text = error instanceof Error ? error.message : String(error);
  const short = text.replaceAll(/\s+/g, " ").slice(0, VENUE_SENTENCE_MAX);
  return new VenueFailure(`${id} does not answer: ${short}`, {
    isPassing: !classesOf(error).some((name) => LASTING.has(name)),
    retryAfterMs,
    cause: error,
  });
}
