import { type Lever, LEVERS } from "../../../lib/contracts/emergency.ts";
import type { MarketKind } from "../../../lib/contracts/venue.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { REST_MS, RUN_MS } from "./limits.ts";

/** What may be wrong for a while. */
export const FAULT_KINDS = [
  "lost_requests",
  "lost_answers",
  "broken_answers",
  "next_order",
  "next_order",
  "next_order",
  "slow",
  "read_lag",
  "rate_limit",
  "maintenance",
  "stream_cut",
  "stream_silence",
  "stream_repeats",
  "stream_late",
  "partial_fills",
  "quote_gap",
  "clock_jump",
  "kill",
  "power_cut",
  "zombie",
  "disk_full",
] as const;

/** One fault. */
export interface FaultPlan {
  kind: (typeof FAULT_KINDS)[number];
  atMs: number;
  forMs: number;
  /** 0 to 1: how bad. */
  amount: number;
}

/** What the owner does, besides what the agent decides. */
export interface CommandPlan {
  kind: "quiesce_close" | "quiesce_keep" | "pause";
  atMs: number;
  /** How long until entries are let in again. */
  forMs: number;
}

/** An emergency stop. */
export interface StopPlan {
  lever: Lever;
  atMs: number;
  /** How long until it is released. */
  forMs: number;
}

/** Everything about a run that is not chance on the way. */
export interface VenueScenario {
  seed: number;
  market: MarketKind;
  /** Of spot: units of the base currency that are the owner's and not the agent's. */
  ownUnits: number;
  /** Of spot: what is bought pays its fee in itself. */
  feesInBase: boolean;
  runMs: number;
  /** Time to come to rest afterwards. */
  restMs: number;
  faults: readonly FaultPlan[];
  commands: readonly CommandPlan[];
  stops: readonly StopPlan[];
  /** Trades name our order id; else only the venue's own. */
  namesOurIds: boolean;
  hasCancelAfter: boolean;
  /** There is a time after which an order that is not found never comes; else the owner looks for it. */
  provesAbsence: boolean;
  /** Part of the candles on which the agent enters, where it may. */
  eagerness: number;
  /** Entries of every kind, in parts, that are moved. */
  usesParts: boolean;
}

/** Part of the worlds that trade spot. */
const SPOT_PART = 0.35;

/** Part of the worlds whose agent enters in parts. */
const PARTS_PART = 0.6;

/** Part of the worlds whose venue proves an absence. */
const PROVING_PART = 0.6;

/** Most that the owner has there besides, in units. */
const OWN_UNITS_MAX = 50_000;

/** Draws a scenario from a seed. */
export function createVenueScenario(
  seed: number,
  { runMs = RUN_MS }: { runMs?: number } = {},
): VenueScenario {
  const { next } = createRng(seed ^ 0x7e0e);
  const between = (low: number, high: number) =>
    Math.floor(low + next() * (high - low));
  const faults = Array.from({ length: between(15, 45) }, (): FaultPlan => {
    const kind = FAULT_KINDS[between(0, FAULT_KINDS.length)]!;
    return {
      kind,
      atMs: between(5_000, runMs - 60_000),
      forMs: kind === "clock_jump" ? between(20_000, 90_000) : between(
        3_000,
        kind === "maintenance" ? 90_000 : 45_000,
      ),
      amount: next(),
    };
  });
  const kinds = ["quiesce_close", "quiesce_keep", "pause"] as const;
  const commands = Array.from({ length: between(0, 6) }, (): CommandPlan => ({
    kind: kinds[between(0, kinds.length)]!,
    atMs: between(30_000, runMs - 120_000),
    forMs: between(20_000, 120_000),
  }));
  const isSpot = next() < SPOT_PART;
  const ownUnits = isSpot && next() < 0.5 ? between(1, OWN_UNITS_MAX) : 0;
  const feesInBase = isSpot && next() < 0.5;
  const namesOurIds = next() < 0.7;
  const hasCancelAfter = next() < 0.5;
  const eagerness = 0.3 + next() * 0.6;
  const stops = Array.from({ length: between(1, 4) }, (): StopPlan => ({
    lever: LEVERS[between(0, LEVERS.length)]!,
    atMs: between(30_000, runMs - 120_000),
    forMs: between(10_000, 180_000),
  }));
  const usesParts = next() < PARTS_PART;
  return {
    seed,
    market: isSpot ? "spot" : "swap",
    ownUnits,
    feesInBase,
    runMs,
    restMs: REST_MS,
    faults,
    commands,
    stops,
    namesOurIds,
    hasCancelAfter,
    eagerness,
    usesParts,
    provesAbsence: next() < PROVING_PART,
  };
}

/** A scenario without faults and without an owner. */
export function calmScenario(
  seed: number,
  change: Partial<VenueScenario> = {},
): VenueScenario {
  return {
    seed,
    market: "swap",
    ownUnits: 0,
    feesInBase: false,
    runMs: 120_000,
    restMs: REST_MS,
    faults: [],
    commands: [],
    stops: [],
    namesOurIds: true,
    hasCancelAfter: false,
    provesAbsence: true,
    eagerness: 1,
    usesParts: false,
    ...change,
  };
}
