import { CANDLE_MS } from "./limits.ts";
import type { FaultPlan } from "./scenario.ts";
import type { VenueWorld } from "./world.ts";

/** Points after which a process dies at most. */
const POINTS_MAX = 60;

/** Does what a fault says, and undoes it when its time is over. */
export function inject(world: VenueWorld, fault: FaultPlan): void {
  const { weather, clock } = world;
  weather.begin(fault, clock.monotonicMs());
  act(world, fault);
  clock.after(fault.forMs, () => {
    weather.end(fault, clock.monotonicMs());
    if (fault.kind === "quote_gap") world.feed.areQuotesGone = false;
    if (fault.kind === "disk_full") world.disk.isFull = false;
  });
}

function act(world: VenueWorld, { kind, amount, forMs }: FaultPlan): void {
  const { clock, stream, feed, agent, path } = world;
  const desk = world.desk!;
  const { boot } = desk.isolate;
  switch (kind) {
    case "kill":
    case "power_cut":
      if (kind === "power_cut") boot.onEnd(() => world.cutPower());
      return boot.dieAfter(1 + Math.floor(amount * POINTS_MAX));
    case "clock_jump": {
      const byMs = jumpOf(amount);
      clock.jumpWall(byMs);
      return void clock.after(forMs, () => clock.jumpWall(-byMs));
    }
    case "stream_cut":
      return stream.cut();
    case "quote_gap":
      return void (feed.areQuotesGone = true);
    case "disk_full":
      return void (world.disk.isFull = true);
    case "zombie":
      // Right after a candle, when a decision is due.
      return void clock.after(
        CANDLE_MS - clock.monotonicMs() % CANDLE_MS + 2,
        () => agent.haunt(world.desk!, path.count - 1),
      );
    default:
  }
}

/** How far the wall clock jumps: five seconds or an hour, either way. */
function jumpOf(amount: number): number {
  const sign = amount < 0.5 ? -1 : 1;
  return sign * (amount * 10 % 1 < 0.5 ? 5_000 : 3_600_000);
}
