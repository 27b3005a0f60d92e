/**
 * What owner (the supervisor's side) and actor say to each other over the
 * actor's own channel. Flat objects with a `type`; links between actors have
 * their own, leaner frames (links.ts).
 *
 * Both sides check only the shape they rely on: the other side is our own
 * code, so a full schema would cost more than it finds. What does not fit is
 * dropped and counted.
 *
 * @module
 */
import { actorError, type InHand, type WireError } from "./errors.ts";
import type { LinkPort } from "./links.ts";
import type { StopReason } from "./program.ts";

/** Raised with every change that an older side would misread. */
export const PROTOCOL_VERSION = 3;

/** First message to an actor: everything one incarnation starts from. */
export interface InitMessage {
  type: "init";
  v: number;
  actorId: string;
  epoch: number;
  config: unknown;
  snapshot: unknown;
  /** The program's `pause` is called before anything reaches it. */
  paused: boolean;
}

/** Opens one end of a link; an open link of the same name is closed first. */
export interface LinkOpenMessage {
  type: "link_open";
  link: string;
  info: unknown;
  /** Messages that may be under way in one direction. */
  window: number;
  /** A `MessagePort` between isolates, a memory port within one. */
  port: MessagePort | LinkPort;
}

/** Closes one end of a link. */
export interface LinkCloseMessage {
  type: "link_close";
  link: string;
  /**
   * The far end stopped well, so what it sent is still to be taken; otherwise
   * what is under way is ignored.
   */
  afterLast: boolean;
}

/** Lets the actor send `count` further reports. */
export interface ReportCreditMessage {
  type: "report_credit";
  count: number;
}

/** What an owner can tell an actor to do. Each is acknowledged, `stop` by a `stopped` message. */
export type Command =
  | { type: "pause" }
  | { type: "resume" }
  | { type: "configure"; config: unknown }
  /** `ifChanged` is answered with null where the last one still holds. */
  | { type: "snapshot"; ifChanged?: boolean }
  /** With an id it is carried out once, however often it is sent. */
  | { type: "ask"; query: unknown; commandId?: string }
  | { type: "stop"; reason: StopReason };

/** A command under way; `id` is unique within the incarnation. */
export type CommandMessage = Command & { id: number };

/** Everything an actor may be sent. */
export type OwnerMessage =
  | InitMessage
  | LinkOpenMessage
  | LinkCloseMessage
  | ReportCreditMessage
  | CommandMessage;

/** Sign of life, sent each second without being asked for. Unknown figures are null, never 0. */
export interface Heartbeat {
  /** 1 for the first beat of an incarnation. */
  seq: number;
  /** Wall time of the beat, milliseconds since 1970. */
  at: number;
  /** Messages received on links and waiting for their turn. */
  mailboxDepth: number;
  /** Messages and reports waiting for credit of their receiver. */
  outboxDepth: number;
  heapUsedBytes: number | null;
  /** The heap right after its garbage was last collected. */
  liveHeapBytes: number | null;
  /** CPU time of the actor's own thread since it started. */
  cpuMs: number | null;
  /** How late the event loop was, 99th percentile of the last minute. */
  loopLagMsP99: number | null;
  /** Link messages processed since the start. */
  processed: number;
  /** Messages handed to open links since the start, also those that a newer one replaced. */
  sent: number;
  /**
   * Time spent on link messages since the start: the turns of `receive`, by the
   * clock. While the machine is short of processors it holds waiting, and where
   * `receive` is asynchronous what it waits for.
   */
  busyMs: number;
  /** Time inside `receive`, last minute. */
  receiveMsP50: number | null;
  receiveMsP99: number | null;
  /** From leaving the sender's worker to the end of `receive`, of messages picked out since the last beat. */
  messageMs: readonly number[];
  /** Outgoing messages that a newer one replaced, since the start. */
  conflated: number;
  /** Outgoing logs pushed out, and messages for links that were not open, since the start. */
  dropped: number;
  /** Messages of no known shape, since the start. */
  unknown: number;
}

/** Everything an actor may send. */
export type ActorMessage =
  /** The code is loaded and `init` was read; the program starts now. */
  | { type: "hello"; v: number }
  /** The program has started; `paused` as `init` asked for. */
  | { type: "ready"; paused: boolean }
  | { type: "ack"; id: number; ok: true; value: unknown }
  | { type: "ack"; id: number; ok: false; error: WireError }
  | { type: "heartbeat"; heartbeat: Heartbeat }
  | { type: "report"; report: unknown }
  /** The last snapshot, taken after the last message; precedes `stopped`. */
  | { type: "snapshot"; snapshot: unknown }
  /** The program failed, with this link message in hand, if any; the isolate closes. */
  | { type: "crash"; error: WireError; inHand: InHand | null }
  /** A message was meant for a link that is not open; told once a link, the others are only counted. */
  | { type: "undelivered"; link: string }
  /** The program has ended well, asked to or not; the isolate closes. */
  | { type: "stopped" };

/** @throws {AppError} `PROTOCOL_VERSION_UNKNOWN` if the other side speaks another version. */
export function assertProtocolVersion(version: number): void {
  if (version === PROTOCOL_VERSION) return;
  throw actorError(
    "PROTOCOL_VERSION_UNKNOWN",
    `Cannot speak protocol version "${version}", expected "${PROTOCOL_VERSION}"`,
  );
}

type Fields = Record<string, unknown>;
type Shapes<Message extends { type: string }> = Record<
  Message["type"],
  (fields: Fields) => boolean
>;

const hasId = (fields: Fields) => typeof fields.id === "number";
const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null;

const OWNER_SHAPES: Shapes<OwnerMessage> = {
  init: (fields) =>
    typeof fields.v === "number" && typeof fields.actorId === "string" &&
    typeof fields.epoch === "number" && typeof fields.paused === "boolean",
  link_open: (fields) =>
    typeof fields.link === "string" && typeof fields.window === "number" &&
    isObject(fields.port),
  link_close: (fields) =>
    typeof fields.link === "string" && typeof fields.afterLast === "boolean",
  report_credit: (fields) => typeof fields.count === "number",
  pause: hasId,
  resume: hasId,
  configure: hasId,
  snapshot: hasId,
  ask: (fields) =>
    hasId(fields) &&
    (fields.commandId === undefined || typeof fields.commandId === "string"),
  stop: (fields) => hasId(fields) && typeof fields.reason === "string",
};

const ACTOR_SHAPES: Shapes<ActorMessage> = {
  hello: (fields) => typeof fields.v === "number",
  ready: (fields) => typeof fields.paused === "boolean",
  ack: (fields) =>
    hasId(fields) && (fields.ok === true || isWireError(fields.error)),
  heartbeat: (fields) =>
    isObject(fields.heartbeat) && typeof fields.heartbeat.seq === "number",
  report: () => true,
  snapshot: () => true,
  crash: (fields) => isWireError(fields.error) && isInHand(fields.inHand),
  undelivered: (fields) => typeof fields.link === "string",
  stopped: () => true,
};

/** Tells whether an actor can rely on `value`. */
export function isOwnerMessage(value: unknown): value is OwnerMessage {
  return fits(value, OWNER_SHAPES);
}

/** Tells whether an owner can rely on `value`. */
export function isActorMessage(value: unknown): value is ActorMessage {
  return fits(value, ACTOR_SHAPES);
}

function fits(
  value: unknown,
  shapes: Record<string, (fields: Fields) => boolean>,
): boolean {
  if (!isObject(value) || typeof value.type !== "string") return false;
  return Object.hasOwn(shapes, value.type) && shapes[value.type]!(value);
}

function isWireError(value: unknown): value is WireError {
  return isObject(value) && typeof value.message === "string";
}

/** Whoever crashed past the cell does not say what was in hand. */
function isInHand(value: unknown): value is InHand | null | undefined {
  return value === null || value === undefined ||
    (isObject(value) && typeof value.link === "string" &&
      typeof value.digest === "string");
}
