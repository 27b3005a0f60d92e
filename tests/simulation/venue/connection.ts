import { createRateBudget } from "../../../lib/exchange/budget/rate_budget.ts";
import { VenueError } from "../../../lib/exchange/gateway/port.ts";
import type { OpenedVenue } from "../../../lib/desk/venue/opener.ts";
import type { Isolate } from "../machine/isolate.ts";
import { SimulatedGateway } from "./gateway.ts";
import type { KnownVenueBug } from "./known_bugs.ts";
import { Wire } from "./wire.ts";
import type { VenueWorld } from "./world.ts";

/** The venue counts so many requests in ten seconds. */
const WINDOWS = [{
  name: "requests",
  limit: 120,
  windowMs: 10_000,
  counts: "weight",
}] as const;

/** What a desk process gets when it opens the simulated venue: the product's own budget and clock, and perhaps a bug. */
export function connect(
  world: VenueWorld,
  { isolate, random, bug }: {
    isolate: Isolate;
    random: () => number;
    bug: KnownVenueBug | undefined;
  },
): OpenedVenue {
  const { clock, exchange, weather, monitor, scenario, stream } = world;
  const venueNowMs = () => world.venueNowMs();
  const wire = new Wire({
    isolate,
    clock,
    exchange,
    weather,
    random,
    venueNowMs,
    onDeparture: (departure) => monitor.departed(departure),
    onAnswer: (name) => monitor.answered(isolate.boot.number, name),
    onSilence: (boot, forMs) => monitor.silenced(boot, forMs),
  });
  const budget = createRateBudget({
    clock: isolate.clock,
    venue: "simulated",
    windows: WINDOWS,
  });
  const own = new SimulatedGateway({
    isolate,
    budget,
    wire,
    exchange,
    stream,
    venueNowMs,
    scenario,
  });
  return {
    gateway: bug?.gateway?.(own) ?? own,
    budget,
    costOf: () => 1,
    syncClock: async () => {
      if (await own.measureClock()) return;
      throw new VenueError("unknown", "The venue does not tell its time");
    },
  };
}
