/**
 * Reads what the risk of the whole fleet is made from: what is in memory, what
 * the desks of venues say of their breakers, and the log. A part that does not
 * answer is missing with a sentence; the others stand.
 *
 * @module
 */
import type {
  MeasureQuery,
  StopMeasures,
} from "../../contracts/emergency_desk.ts";
import type { FleetRisk, RiskProblem } from "../../contracts/fleet_risk.ts";
import { type VenueId, venueKey } from "../../contracts/venue.ts";
import type { FleetContext } from "../context.ts";
import { deskIdAt, venueOf } from "../desk_ids.ts";
import { startedDesks } from "../desks.ts";
import { hostUse } from "../quotas.ts";
import { assembleRisk } from "./assemble.ts";
import { DenialBook } from "./denial_book.ts";
import { BREAKER_ASK_MS } from "./limits.ts";

/** Answers with the risk of the whole fleet. */
export function createFleetRisk(
  context: FleetContext,
): () => Promise<FleetRisk> {
  const book = new DenialBook({
    now: () => context.clock.nowMs(),
    logs: (query) => context.store.events.logs(query),
  });
  return async () => {
    const problems: RiskProblem[] = [];
    const venues = venuesOf(context);
    const [denials, { accounts, rates }] = await Promise.all([
      book.count().catch((error: unknown) => {
        problems.push({ part: "denials", detail: sentenceOf(error) });
        return null;
      }),
      measure(context, problems),
    ]);
    return assembleRisk({
      at: context.clock.nowMs(),
      facts: context.agents.all(),
      emergency: context.emergency.state(),
      hosts: [hostUse(context)],
      rates,
      breakers: { measures: accounts, silences: silencesOf(context, venues) },
      denials,
      problems,
    });
  };
}

/** Venues whose desks were started. */
function venuesOf({ agents, desks }: FleetContext): VenueId[] {
  const venues = new Map<string, VenueId>();
  for (const { record } of agents.all()) {
    const venue = venueOf(record.config);
    if (venue !== null && desks.has(deskIdAt(venue))) {
      venues.set(venueKey(venue), venue);
    }
  }
  return [...venues.values()];
}

async function measure(
  context: FleetContext,
  problems: RiskProblem[],
): Promise<StopMeasures> {
  const query: MeasureQuery = { type: "emergency", op: "measure" };
  const answers = await Promise.all(
    startedDesks(context).map(async (id) => {
      try {
        return await context.supervisor.ask(id, query, {
          deadlineMs: BREAKER_ASK_MS,
        }) as StopMeasures;
      } catch {
        problems.push({
          part: "breakers",
          detail: `The order ${
            id.replace(":", " ")
          } does not answer: its breakers and rates are not known`,
        });
        return { accounts: [], rates: [] };
      }
    }),
  );
  return {
    accounts: answers.flatMap(({ accounts }) => accounts),
    rates: answers.flatMap(({ rates }) => rates),
  };
}

function silencesOf(
  { silences, clock }: FleetContext,
  venues: readonly VenueId[],
): { venue: VenueId; until: number }[] {
  const now = clock.nowMs();
  return venues.flatMap((venue) => {
    const until = silences.of(venue).untilMs;
    return until === null || until <= now ? [] : [{ venue, until }];
  });
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
