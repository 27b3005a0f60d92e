/**
 * What an endpoint says of itself. From this alone come its guards, the reading
 * of what it is sent, what leaves in its answer, and its part of the document.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import type * as z from "zod";
import type { Caller } from "../../contracts/audit.ts";
import type { Action } from "../../contracts/policy.ts";
import type { ProblemCode } from "../../contracts/problem.ts";
import type { ApiContext, ApiEnv } from "../context.ts";
import type { JsonBody } from "../input.ts";
import type { ParameterName } from "./headers.ts";

/** Parts of the document. */
export const TAGS = {
  agents: "Agents: list, configure, command",
  views: "How an agent does",
  teams: "Agents that are commanded as one",
  templates: "What agents are spawned from",
  backtests: "Runs over past or simulated candles",
  records: "Logs and letters that reached nobody",
  live: "Events as they happen, over SSE and WebSocket",
  emergency: "The emergency stop",
  audit: "Who did what, and whether the trail is whole",
  logins: "Logins, sessions and API tokens",
  account: "One's own account: second factor, passkeys, password",
  people: "People and one-time links",
  keys: "Keys of exchanges",
  alerts: "Alerts: channels, rules, messages",
  server: "The server itself",
} as const;
export type Tag = keyof typeof TAGS;

/** A body that is no JSON of one schema. The handler makes the response. */
export interface FileAnswer {
  /** Its media types; none for a WebSocket, whose status is 101. */
  media: readonly string[];
  /** What one line, one event or one message of it is. */
  unit?: z.ZodType;
  /** It comes with the name to save it under. */
  isDownload?: true;
  /** What a client may send through a socket. */
  accepts?: z.ZodType;
}

/** A body that the handler reads itself. */
export interface SentBody {
  media: readonly string[];
  schema: z.ZodType;
}

/** What an endpoint may answer with. `null`: nothing, which is 204. */
export type AnswerSpec = z.ZodType | FileAnswer | null;

/** A value that may be answered: that of the schema, read-only or not. */
export type Answerable<A extends AnswerSpec> = A extends z.ZodType
  ? Frozen<z.output<A>>
  : A extends FileAnswer ? Response
  : void;

type Frozen<T> = T extends string | number | boolean | null | undefined ? T
  : T extends readonly (infer E)[] ? readonly Frozen<E>[]
  : T extends object ? { readonly [K in keyof T]: Frozen<T[K]> }
  : T;

/** What a handler is given. */
export interface Input<Q, B> {
  c: ApiContext;
  query: Q;
  body: B;
  /** Version that the client has seen, where If-Match is asked for. */
  version: number;
  caller: Caller;
}

/** One endpoint. */
export interface RouteSpec<
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  A extends AnswerSpec = AnswerSpec,
> {
  method: "get" | "post" | "put" | "delete";
  /** As Hono writes it: `/:id/config`. */
  path: string;
  /** One line, without a full stop. */
  summary: string;
  /** What the line does not say. */
  details?: string;
  tag: Tag;
  /**
   * The action of the policy table; "open" without a login; "by body" where the
   * body names it, and `prepare` asks for it.
   */
  action: Action | "open" | "by body";
  /** Guards in place of `allow(action)`, where what it is about has an owner. */
  guards?: readonly MiddlewareHandler<ApiEnv>[];
  query?: Q;
  body?: B;
  /** In place of `body`, where it is no `application/json`. */
  sent?: SentBody;
  /** Names of {@link PARAMETERS} that the handler reads itself. */
  headers?: readonly ParameterName[];
  answer: A;
  /** 200, or 204 without an answer, where it is left out. */
  status?: 101 | 200 | 201 | 202;
  /** A second status with the same answer, and when it is given. */
  otherStatus?: { status: 503; when: (value: Answerable<A>) => boolean };
  /**
   * Whether a key makes repeated requests have one effect. "by handler": it is
   * required, and the handler knows what it has done; no answer is kept.
   */
  idempotency?: "required" | "optional" | "by handler";
  /** ETag of what is answered. */
  etag?: (value: Answerable<A>) => number;
  /** If-Match has to name the version that the client has seen. */
  needsVersion?: true;
  /** Path of what was made. */
  location?: (value: Answerable<A>) => string;
  /** The answer gives the browser its cookie, gives it another one, or takes it away. */
  setsCookie?: true;
  /** The answer tells at which event of the stream it was made. */
  marksSeq?: true;
  /**
   * Refused while the store takes no writes. Of those whose body decides: who
   * adds none is carried out although the key cannot be stored.
   */
  addsRisk?: true | ((body: z.output<B>) => boolean);
  /** What has to be asked before anything is done: rights that the body decides on. */
  prepare?: (
    input: Input<z.output<Q>, z.output<B>>,
  ) => void | Promise<void>;
  /** Checks the body in place of its schema, where that names more faults at once. */
  readBody?: (
    body: JsonBody,
    c: ApiContext,
  ) => Promise<z.output<B>> | z.output<B>;
  /** Codes of its own; those that every endpoint may answer are known. */
  problems?: readonly ProblemCode[];
}
