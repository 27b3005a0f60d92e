/**
 * Headers and parameters that more than one endpoint has, each described once.
 *
 * @module
 */
import { MAX_IDEMPOTENCY_KEY_CHARACTERS } from "../limits.ts";

type Described = Readonly<Record<string, unknown>>;

const text = { type: "string" } as const;
const whole = { type: "integer", minimum: 0 } as const;

/** Parameters, as `components/parameters`. */
export const PARAMETERS = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    required: true,
    description:
      "A new random value for each wish, for instance a UUID: the same key with the same body has one effect, and its answer is repeated for 24 hours",
    schema: {
      ...text,
      minLength: 1,
      maxLength: MAX_IDEMPOTENCY_KEY_CHARACTERS,
      pattern: "^[\\x21-\\x7e]+$",
    },
  },
  OptionalIdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: "As for commands; honoured where it is sent",
    schema: {
      ...text,
      minLength: 1,
      maxLength: MAX_IDEMPOTENCY_KEY_CHARACTERS,
      pattern: "^[\\x21-\\x7e]+$",
    },
  },
  IfMatch: {
    name: "If-Match",
    in: "header",
    required: true,
    description: "The ETag of the version that the change was made on",
    schema: { ...text, pattern: '^"\\d{1,12}"$' },
  },
  RequestId: {
    name: "X-Request-Id",
    in: "header",
    required: false,
    description: "An id of your own for this request; it comes back",
    schema: { ...text, pattern: "^[A-Za-z0-9._-]{8,64}$" },
  },
  LastEventId: {
    name: "Last-Event-ID",
    in: "header",
    required: false,
    description:
      "The last event that was seen: goes before `after`. Browsers send it when they connect again",
    schema: { ...text, pattern: "^\\d{1,15}$" },
  },
  Upgrade: {
    name: "Upgrade",
    in: "header",
    required: true,
    description: "With Connection: Upgrade, as RFC 6455 has it",
    schema: { ...text, enum: ["websocket"] },
  },
} as const satisfies Readonly<Record<string, Described>>;
export type ParameterName = keyof typeof PARAMETERS;

/** Headers of answers, as `components/headers`. */
export const HEADERS: Readonly<Record<string, Described>> = {
  "X-Request-Id": {
    description: "Id of the request, also in the server's log",
    schema: text,
  },
  "RateLimit-Limit": {
    description: "Requests that may be made at once",
    schema: whole,
  },
  "RateLimit-Remaining": {
    description: "How many of them are left",
    schema: whole,
  },
  "RateLimit-Reset": {
    description: "Seconds until all of them may be made again",
    schema: whole,
  },
  "X-Stream-Seq": {
    description: "Event of the stream at which the answer was made",
    schema: whole,
  },
  ETag: { description: "Version of what is answered", schema: text },
  "Content-Disposition": {
    description: "Name that a browser saves it under",
    schema: text,
  },
  Location: { description: "Path of what was made", schema: text },
  "Set-Cookie": {
    description:
      "The login of a browser: HttpOnly, SameSite=Strict, Secure under https. Begun, under another id, or ended",
    schema: text,
  },
  "X-Form-Token": {
    description:
      "What the panel's open forms carry from now on, where the login has another id",
    schema: text,
  },
  "Idempotency-Replayed": {
    description: "true where the answer is that of an earlier request",
    schema: text,
  },
  "Retry-After": {
    description: "Seconds to wait before the same is tried again",
    schema: whole,
  },
  Allow: { description: "Methods that the path offers", schema: text },
  "WWW-Authenticate": {
    description: "How to log in",
    schema: text,
  },
};

/** Headers of every answer. */
export const COMMON_HEADERS = [
  "X-Request-Id",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
] as const;

/** References to headers by name. */
export function headerRefs(
  names: readonly string[],
): Record<string, { $ref: string }> {
  return Object.fromEntries(
    names.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}
