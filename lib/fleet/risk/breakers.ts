import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import type { RiskBreaker } from "../../contracts/fleet_risk.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { type VenueId, venueKey } from "../../contracts/venue.ts";
import { venueOf } from "../desk_ids.ts";
import type { ToldDenial } from "./denials.ts";
import { compareText, hasBooks, isMissed, type RiskFact } from "./facts.ts";

/** What the breakers are made from besides the agents. */
export interface BreakerFacts {
  /** What the desks of venues say. */
  measures: StopMeasures["accounts"];
  /** Silences that venues asked for and that are not over. */
  silences: readonly { venue: VenueId; until: EpochMs }[];
  /** Null where the log could not be read. */
  trips: readonly ToldDenial[] | null;
}

const OPERATIONS = {
  read: "Reads",
  create: "New orders",
  cancel: "Cancels",
} as const;

/** Breakers of losing trades, of the way to exchanges, and silences; open ones first. */
export function breakersOf(
  facts: readonly RiskFact[],
  known: BreakerFacts,
): RiskBreaker[] {
  return [
    ...facts.flatMap((fact) => lossBreaker(fact, known.trips)),
    ...facts.flatMap(entryBreaker),
    ...venueBreakers(facts, known.measures),
    ...known.silences.map(toSilence),
  ].sort(compareBreakers);
}

function lossBreaker(
  fact: RiskFact,
  trips: BreakerFacts["trips"],
): RiskBreaker[] {
  const { record: { id, config }, account } = fact;
  const limit = config.safety.breakerConsecutiveLosses;
  if (!hasBooks(fact) || !isMissed(fact) || limit === 0) return [];
  const breaker = account?.breaker;
  if (breaker === undefined) return [];
  return [{
    kind: "losses",
    agentId: id,
    name: config.name,
    mode: config.mode,
    what: "New entries after losing trades in a row",
    state: breaker.reason === null ? "closed" : "open",
    cause: breaker.reason,
    count: breaker.lossesInARow,
    limit,
    trips: trips === null
      ? null
      : trips.filter(({ agentId }) => agentId === id).length,
    resetAt: null,
    reset: "A person re-arms the agent",
  }];
}

/** The breaker that an executor has of its own. Time is counted in candles, so no moment is known at which it closes. */
function entryBreaker(fact: RiskFact): RiskBreaker[] {
  const { record: { id, config }, entryBreaker: breaker } = fact;
  const limit = config.execution.breakerFailures;
  if (breaker === null || limit === 0 || !isMissed(fact)) return [];
  const { state, cause, failures, candlesLeft } = breaker;
  return [{
    kind: "entries",
    agentId: id,
    name: config.name,
    mode: config.mode,
    what: "Entries of the executor, after refusals and slippage",
    state: state === "latched" ? "open" : state,
    cause,
    count: failures,
    limit,
    trips: null,
    resetAt: null,
    reset: state === "latched"
      ? "A person pauses and resumes the agent"
      : candlesLeft === null
      ? "One entry that is filled as it should be"
      : `${candlesLeft} ${
        candlesLeft === 1 ? "candle" : "candles"
      } of ${config.timeframe} until one entry is tried`,
  }];
}

/** All accounts of one key share the way to their venue, so each breaker is told once. */
function venueBreakers(
  facts: readonly RiskFact[],
  measures: StopMeasures["accounts"],
): RiskBreaker[] {
  const told = new Map<string, RiskBreaker>();
  for (const { agentId, breakers } of measures) {
    const config = facts.find(({ record }) => record.id === agentId)?.record
      .config;
    const venue = config === undefined ? null : venueOf(config);
    if (config === undefined || venue === null) continue;
    const name = venueKey(venue).replace(".", " ");
    for (const { operation, status, reason, failures, openUntil } of breakers) {
      const key = `${name} ${config.exchangeKeyId ?? "paper"} ${operation}`;
      told.set(key, {
        kind: "venue",
        agentId: null,
        name,
        mode: config.mode,
        what: OPERATIONS[operation],
        state: status,
        cause: reason,
        count: failures,
        limit: null,
        trips: null,
        resetAt: openUntil,
        reset: "Three reads in a row that succeed",
      });
    }
  }
  return [...told.values()];
}

function toSilence(
  { venue, until }: BreakerFacts["silences"][number],
): RiskBreaker {
  return {
    kind: "silence",
    agentId: null,
    name: venueKey(venue).replace(".", " "),
    mode: null,
    what: "All requests",
    state: "open",
    cause: "The exchange asked for silence",
    count: null,
    limit: null,
    trips: null,
    resetAt: until,
    reset: "When the silence is over",
  };
}

const RANK = { open: 0, half_open: 1, closed: 2 } as const;

function compareBreakers(a: RiskBreaker, b: RiskBreaker): number {
  const fullness = ({ count, limit }: RiskBreaker) =>
    count === null || limit === null ? 0 : count / limit;
  return RANK[a.state] - RANK[b.state] || fullness(b) - fullness(a) ||
    compareText(a.name, b.name) || compareText(a.what, b.what) ||
    compareText(a.agentId ?? "", b.agentId ?? "") ||
    compareText(a.mode ?? "", b.mode ?? "");
}
