import { liveEnv } from "../support/live.ts";
import { CANDLES_PER_SECOND, MINUTE_SECONDS } from "./plan.ts";

/** Environment of a server that is going to be killed again and again. */
export function campaignEnv(
  candlesDir: string,
  venueUrl: string,
): Record<string, string> {
  return {
    ...liveEnv(venueUrl),
    CANDLES_DIR: candlesDir,
    SIMULATION_SPEED: String(CANDLES_PER_SECOND * MINUTE_SECONDS),
    MAX_AGENTS_PER_USER: "500",
    MAX_AGENTS_PER_HOST: "500",
    // The campaign is one long crash loop.
    HOST_RESTARTS_MAX: "1000",
  };
}
