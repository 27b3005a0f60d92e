import assert from "node:assert/strict";
import type { ActorRuntime } from "../../../../actors/program.ts";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import type { DeskAccountConfig } from "../../../../lib/contracts/desk.ts";
import { AppError } from "../../../../lib/core/errors.ts";
import { DeskVenues } from "../../../../lib/desk/desk_venues.ts";
import { accountConfig } from "../support.ts";
import { ScriptedGateway } from "./scripted.ts";

const REGISTRATION = {
  journal: { synced: () => Promise.resolve(true), isFailing: () => false },
  onChange: () => {},
};

function atVenue(
  agentId: string,
  change: Partial<DeskAccountConfig> = {},
  kind: "quotes" | "venue" = "venue",
): DeskAccountConfig {
  const parts = {
    exchange: "binance",
    market: "swap",
    namespace: "abc",
    agentKey: "agent",
  } as const;
  return {
    ...accountConfig({ agentId, pacing: "realtime" }),
    execution: kind === "venue"
      ? { kind, credentialId: "key_1", ...parts }
      : { kind, ...parts },
    ...change,
  };
}

function venues() {
  const clock = createSimulatedClock();
  const opened: (string | null)[] = [];
  const runtime = { clock, report: () => {} } as unknown as ActorRuntime;
  const desk = new DeskVenues({
    runtime,
    venue: { exchange: "binance", market: "swap" },
    random: () => 0.5,
    liveBlock: () => null,
    openGateway: ({ credentialId }) => {
      opened.push(credentialId);
      return {
        gateway: new ScriptedGateway(),
        budget: {
          tryTake: () => true,
          take: () => Promise.resolve(),
          retryAfter: () => {},
          freeShare: 1,
          silentUntilMs: null,
        },
        costOf: () => 1,
        syncClock: () => Promise.resolve(),
      };
    },
  });
  return { desk, opened };
}

Deno.test("DeskVenues opens one connection for a key, and one for each paper account", () => {
  const { desk, opened } = venues();
  desk.register(atVenue("agt_1"), REGISTRATION);
  desk.register(atVenue("agt_2", { symbol: "ETH/USDT" }), REGISTRATION);
  desk.register(atVenue("agt_3", {}, "quotes"), REGISTRATION);
  desk.register(atVenue("agt_4", {}, "quotes"), REGISTRATION);
  assert.deepEqual(opened, ["key_1", null, null]);
});

Deno.test("DeskVenues has nothing to do with a market of candles", () => {
  const { desk, opened } = venues();
  assert.equal(desk.register(accountConfig(), REGISTRATION), null);
  assert.deepEqual(opened, []);
});

Deno.test("DeskVenues refuses another venue, a market in lockstep and a taken symbol", async () => {
  const { desk } = venues();
  const refusal = (config: DeskAccountConfig) => {
    try {
      desk.register(config, REGISTRATION);
      return null;
    } catch (error) {
      return error instanceof AppError ? error.code : error;
    }
  };
  const spot = atVenue("agt_1");
  assert.ok(spot.execution !== undefined && spot.execution.kind === "venue");
  const other = { ...spot.execution, market: "spot" } as const;
  assert.equal(
    refusal({ ...spot, execution: other }),
    "VENUE_NOT_SERVED",
  );
  assert.equal(
    refusal(atVenue("agt_1", { pacing: "lockstep" })),
    "VENUE_PACING_INVALID",
  );
  const link = desk.register(atVenue("agt_1"), REGISTRATION)!;
  assert.equal(refusal(atVenue("agt_2")), "ACCOUNT_SYMBOL_TAKEN");
  await desk.release(link);
  assert.equal(refusal(atVenue("agt_2")), null);
});
