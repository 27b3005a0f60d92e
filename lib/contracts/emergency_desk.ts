/**
 * What passes between the owner of a desk and its emergency stop, and through
 * the folder that the desk watches.
 *
 * @module
 */
import * as z from "zod";
import type { MarketRules } from "./venue.ts";
import {
  type EmergencyDeskState,
  type Latch,
  LEVERS,
  type StopActor,
  stopScopeSchema,
} from "./emergency.ts";
import type { EpochMs } from "./primitives.ts";

/** Name of the folder below the data folder. */
export const EMERGENCY_FOLDER = "emergency";

/** The file of latches in it, and in the folder of each venue. */
export const LATCHES_FILE = "latches.json";

/** Files of the folder that ask every desk for a stop: `halt`, empty and made by hand, or `halt-<id>.json`. */
export const REQUEST_FILE = /^halt(-[0-9A-Za-z]{8,64}\.json)?$/;

/** Beginning of the id of a stop that a file made by hand asks for; the time of the file follows. */
const BY_HAND = "byHand";

/** Name of the file that asks for the stop `id`. */
export function requestFile(id: string): string {
  return `halt-${id}.json`;
}

/**
 * Id of the stop that a request file asks for; the same at every desk.
 *
 * @param file Its name, and when it was written, in whole ms.
 */
export function stopIdOfRequest(file: { name: string; at: number }): string {
  const named = /^halt-([0-9A-Za-z]{8,64})\.json$/.exec(file.name)?.[1];
  return `stop_${named ?? `${BY_HAND}${file.at}`}`;
}

/** File in the folder of a desk while it runs. */
export const RUNNING_FILE = "running";

/** Name of the file in which a desk answers it, in its own folder. */
export function answerFile(id: string): string {
  return `done-${id}.json`;
}

/** Content of a request file. */
export const haltFileSchema = z.strictObject({
  scope: stopScopeSchema.default({ kind: "all" }),
  lever: z.enum(LEVERS).default("block"),
  withdrawAll: z.boolean().default(false),
  reason: z.string().max(200).default(""),
  by: z.string().max(254).default("somebody at the machine"),
  via: z.enum(["local", "panel", "cli", "api", "system", "signal"])
    .default("local"),
  userId: z.string().max(60).nullable().default(null),
  collarPct: z.number().min(0.1).max(50).default(5),
  deadlineMs: z.number().min(1_000).max(60_000).default(10_000),
});
export type HaltFile = z.infer<typeof haltFileSchema>;

/** Questions about the emergency stop, answered with {@link EmergencyDeskState}. */
export type EmergencyQuery =
  | { type: "emergency"; op: "state" }
  /** Latches first, then pulls the lever. The same id again changes nothing. */
  | { type: "emergency"; op: "latch"; latch: Latch }
  /** Lets trading go on; refused where the file cannot be written. */
  | {
    type: "emergency";
    op: "release";
    id: string;
    by: StopActor;
    reason: string;
    at: number;
  }
  /** The audit trail has these latches. */
  | { type: "emergency"; op: "audited"; ids: readonly string[] };

/** Asks a desk what a stop would meet now; answered with {@link StopMeasures}. */
export interface MeasureQuery {
  type: "emergency";
  op: "measure";
}

/** What is known of the venue of each account; accounts on candles are left out there. */
export interface StopMeasures {
  accounts: readonly {
    agentId: string;
    /** Half of the last spread, in basis points of the middle; null while no price is of now. */
    halfSpreadBp: number | null;
    /** Usual time of a request to the venue; null before the first. */
    roundTripMs: number | null;
    /** Breakers on its way to the venue. */
    breakers: readonly VenueBreaker[];
    /** What all accounts of its key have sent within the last minute. */
    sent: { orders: number; requests: number };
    /** What the venue lets through of requests, for all of the desk together. */
    rateBudget: RateBudgetState;
    /** What an order must keep to in its market; null until the venue has told. */
    rules: MarketRules | null;
  }[];
  /** Orders of every account within its last minute of market time. */
  rates: readonly { agentId: string; ordersLastMinute: number }[];
}

/** How much a venue lets through now. */
export interface RateBudgetState {
  /** Free share of its limits, 0 to 1; 0 while it wants silence. */
  freeShare: number;
  /** Until when the venue wants silence, wall time; null for not at all. */
  silentUntilMs: EpochMs | null;
}

/** A breaker of one class of requests to a venue. */
export interface VenueBreaker {
  operation: "read" | "create" | "cancel";
  status: "closed" | "half_open" | "open";
  /** Why it is not closed; null where it is. */
  reason: string | null;
  /** Failures that count now. */
  failures: number;
  /** Until when it is open, wall time; null where it is not. */
  openUntil: EpochMs | null;
}

/** The desk tells its owner that something about its stops has changed. */
export interface DeskEmergencyReport {
  kind: "desk_emergency";
  state: EmergencyDeskState;
}
