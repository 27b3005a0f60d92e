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
    const [denials, measures] = await Promise.all([
      book.count().catch((error: unknown) => {
        problems.push({ part: "denials", detail: sentenceOf(error) });
        return null;
      }),
      measure(context, { venues, problems }),
    ]);
    return assembleRisk({
      at: context.clock.nowMs(),
      facts: context.agents.all(),
      emergency: context.emergency.state(),
      hosts: [hostUse(context)],
      breakers: { measures, silences: silencesOf(context, venues) },
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
  { supervisor }: FleetContext,
  { venues, problems }: { venues: readonly VenueId[]; problems: RiskProblem[] },
): Promise<StopMeasures["accounts"]> {
  const query: MeasureQuery = { type: "emergency", op: "measure" };
  const answers = await Promise.all(venues.map(async (venue) => {
    try {
      const answer = await supervisor.ask(deskIdAt(venue), query, {
        deadlineMs: BREAKER_ASK_MS,
      });
      return (answer as StopMeasures).accounts;
    } catch {
      problems.push({
        part: "breakers",
        detail: `The order desk of ${
          venueKey(venue)
        } does not answer: its breakers are not known`,
      });
      return [];
    }
  }));
  return answers.flat();
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
