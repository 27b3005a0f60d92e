/**
 * The emergency stop: levers, scopes, latches, and what has become of a stop.
 * A latch is set at the desk, in memory and in a file of its own, before
 * anything else; it holds until somebody releases it.
 *
 * @module
 */
import * as z from "zod";
import type { DecimalText } from "../core/decimal.ts";
import type { EpochMs } from "./primitives.ts";
import { factorCode } from "./second_factor.ts";

/**
 * How far a stop goes; each lever includes those before it.
 *
 * - `block`: no new entry. What rests goes on resting and may fill.
 * - `cancel`: resting entries are withdrawn; stops, targets and closes stay.
 * - `flatten`: positions are closed at the market, and the agents are stopped.
 */
export const LEVERS = ["block", "cancel", "flatten"] as const;
export type Lever = (typeof LEVERS)[number];

/** What a stop is about. `account` is an exchange key, or {@link PAPER_ACCOUNT}. */
export const SCOPE_KINDS = ["agent", "user", "account", "all"] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

/** The account of every agent that trades on paper. */
export const PAPER_ACCOUNT = "paper";

const scopeId = z.string().trim().min(1, "Say which one").max(254);

/** Schema of a scope. */
export const stopScopeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("agent"), id: scopeId }),
  z.strictObject({ kind: z.literal("user"), id: scopeId }),
  z.strictObject({ kind: z.literal("account"), id: scopeId }),
  z.strictObject({ kind: z.literal("all") }),
], { error: `Choose a scope: ${SCOPE_KINDS.join(", ")}` });
export type StopScope = z.infer<typeof stopScopeSchema>;

/** How far from the last price a position may be closed, in percent of it. */
export const DEFAULT_COLLAR_PCT = 5;

/** How long levers may work before what is left is called residue. */
export const DEFAULT_DEADLINE_MS = 10_000;

const reason = z.string().trim().max(200, "Use at most 200 characters");

/** `POST /api/emergency` and `POST /api/emergency/drill`. */
export const stopRequestSchema = z.strictObject({
  scope: stopScopeSchema.default({ kind: "all" }),
  lever: z.enum(LEVERS, { error: `Choose a lever: ${LEVERS.join(", ")}` })
    .default("cancel"),
  reason: reason.default(""),
  /** Withdraw stops and targets, too: positions are then without protection. */
  withdrawAll: z.boolean().default(false),
  collarPct: z.number().min(0.1, "Give at least 0.1 %").max(
    50,
    "Give at most 50 %",
  ).default(DEFAULT_COLLAR_PCT),
  deadlineMs: z.int().min(1_000, "Give at least 1000 ms").max(
    60_000,
    "Give at most 60000 ms",
  ).default(DEFAULT_DEADLINE_MS),
});
export type StopRequest = z.infer<typeof stopRequestSchema>;

/** How the event of a release begins; no other event of a stop does, whatever people have written in it. */
export const RELEASE_BEGINS = "Release of the emergency stop of";

/** The word that a person types to release a latch. */
export const RELEASE_WORD = "RELEASE";

/** `POST /api/emergency/{id}/release`. */
export const releaseRequestSchema = z.strictObject({
  reason: reason.min(1, "Say why trading may go on"),
  confirm: z.literal(RELEASE_WORD, { error: `Type ${RELEASE_WORD}` }),
  /** The password of who releases, as a fresh proof that it is them; who has a second factor proves that instead. */
  password: z.string().max(128, "No password is that long").default(""),
  /** A code of the second factor, or a recovery code; left out where the session proved one a moment ago. */
  code: factorCode.or(z.literal("")).default(""),
});
export type ReleaseRequest = z.infer<typeof releaseRequestSchema>;

/** Who pulled a lever, or released it. */
export const stopActorSchema = z.strictObject({
  /** Null for somebody at the machine itself. */
  userId: z.string().max(60).nullable(),
  name: z.string().max(254),
  via: z.enum(["panel", "cli", "api", "system", "local", "signal"]),
});
export type StopActor = z.infer<typeof stopActorSchema>;

/** A stop as the desk keeps it. Times by the wall clock. */
export const latchSchema = z.strictObject({
  id: z.string().regex(/^stop_[0-9A-Za-z]{8,64}$/),
  scope: stopScopeSchema,
  lever: z.enum(LEVERS),
  withdrawAll: z.boolean(),
  reason: z.string().max(400),
  by: stopActorSchema,
  at: z.number(),
  collarPct: z.number(),
  deadlineMs: z.number(),
  /** When its levers had done their work or their deadline had passed; null while they work. The latch holds on. */
  endedAt: z.number().nullable(),
  /** Whether the audit trail has it. */
  isAudited: z.boolean(),
  release: z.strictObject({
    by: stopActorSchema,
    reason: z.string().max(400),
    at: z.number(),
  }).nullable(),
});
export type Latch = z.infer<typeof latchSchema>;

/**
 * Where one account of a stop stands: `working` while orders are withdrawn or a
 * position is closed, `done` when the lever has nothing left to do, `residue`
 * when the deadline has passed before.
 */
export type StopState = "working" | "done" | "residue";

/** One account of a stop. Unknown is null. */
export interface StopProgress {
  agentId: string;
  state: StopState;
  /** When the desk let no further entry of it in; null where the desk has not opened it. */
  blockedAt: EpochMs | null;
  /** Orders that the lever is still to withdraw; for `block` those that rest. */
  ordersLeft: number | null;
  /** Size of the open position in base currency, negative when short; "0" for none. */
  positionLeft: DecimalText | null;
  /** Orders that are left, by the id that the venue knows them by, else by our own; the first `STOP_ORDERS_SHOWN`. */
  orders: readonly string[];
  /** What stands in the way, in one sentence. */
  error: string | null;
}

/** Orders that the progress of one account names; the rest is counted. */
export const STOP_ORDERS_SHOWN = 20;

/** A latch with what has become of it. */
export interface StopView extends Latch {
  isWorking: boolean;
  progress: readonly StopProgress[];
  /** What the deadline has left over. */
  residue: readonly StopProgress[];
}

/** What the desk knows of stops. */
export interface EmergencyDeskState {
  /** In force, oldest first. */
  latches: readonly StopView[];
  /** The newest that were released, newest first. */
  released: readonly Latch[];
  /** Why the file does not hold what is in memory, in one sentence with how to mend it; null while it does. */
  fileProblem: string | null;
}

/** `GET /api/emergency`. */
export interface EmergencyResponse extends EmergencyDeskState {
  /** False while the desk does not answer: what is shown is what was heard last. */
  isDeskUp: boolean;
}

/** Answer to `POST /api/emergency`. */
export interface StopResponse {
  stop: StopView;
  /** False where the desk has not answered: the stop is in the folder it reads before it trades again. */
  isLatched: boolean;
  detail: string;
}

/** What a stop would do to one agent; nothing is done. Unknown is null. */
export interface DrillAgent {
  agentId: string;
  name: string;
  symbol: string;
  simulated: boolean;
  /** Orders that would be withdrawn. */
  orders:
    | readonly {
      orderId: string;
      role: string;
      side: string;
      price: DecimalText | null;
      quantity: DecimalText;
    }[]
    | null;
  /** The position that would be closed; `size` is negative when short. */
  position: {
    size: DecimalText;
    markPrice: DecimalText | null;
    /** Size × mark price, in quote currency. */
    notional: DecimalText | null;
    /** What slippage is expected to cost, in quote currency. */
    slippage: DecimalText | null;
    fee: DecimalText | null;
  } | null;
  /** Whether a position would be left without a stop. */
  losesProtection: boolean;
  /** Why something is not known. */
  note: string | null;
}

/** `POST /api/emergency/drill`. */
export interface DrillResponse {
  lever: Lever;
  scope: StopScope;
  agents: readonly DrillAgent[];
  totals: {
    agents: number;
    agentsStopped: number;
    orders: number | null;
    positions: number | null;
    notional: DecimalText | null;
    slippage: DecimalText | null;
  };
  /** Round trip to the desks just now, in which paper accounts are done, and what the venues usually take on top; null where either is unknown. */
  expectedMs: number | null;
}
