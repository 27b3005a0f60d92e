/** What the sweep of the policy sends where the body says what is done. */
import type { Action } from "../../../lib/contracts/policy.ts";
import { HOST, sampleConfig } from "./samples.ts";
import { UNKNOWN_ID } from "./world.ts";

/** What a body must say so that a route does the action that is meant. */
export const BODIES: Readonly<Record<string, (action: Action) => unknown>> = {
  // Of each agent it is asked again; batch_test.ts looks at that.
  "POST /api/agents/control": (action) => ({
    action: action.replace("agents.", ""),
    ids: [UNKNOWN_ID],
  }),
  "POST /api/agents/:id/control": (action) => ({
    action: action.replace("agents.", ""),
  }),
  "POST /api/teams/:id/control": (action) => ({
    action: action.replace("agents.", ""),
  }),
  "POST /api/agents/spawn": () => ({ config: liveConfig() }),
  "POST /api/hosts/:host/forget": () => ({ confirm: HOST.id }),
  "POST /api/teams/spawn": () => ({
    name: "swept",
    members: ["first", "second"].map((role) => {
      const { name: _, ...config } = liveConfig();
      return { role, title: role, config };
    }),
  }),
};

function liveConfig() {
  return {
    ...sampleConfig(),
    mode: "live",
    feed: { kind: "exchange", exchange: "binance", market: "spot" },
    exchangeKeyId: `key_${"0".repeat(26)}`,
  };
}
