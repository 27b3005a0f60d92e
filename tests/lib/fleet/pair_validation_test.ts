import assert from "node:assert/strict";
import {
  type AgentConfigInput,
  agentConfigSchema,
} from "../../../lib/contracts/agent_config.ts";
import { hedgeSourceOf } from "../../../lib/contracts/hedge.ts";
import { findPairErrors } from "../../../lib/fleet/pair_validation.ts";
import { streamOf } from "../../../lib/fleet/stream_of.ts";
import { agentConfig } from "../../support/config.ts";

function configOf(
  { pairs = {}, ...fields }: Partial<AgentConfigInput> & { pairs?: object },
) {
  return agentConfigSchema.parse({
    ...agentConfig({ name: "test" }),
    ...fields,
    strategies: { pairs: { enabled: true, ...pairs } },
  });
}

const codes = (change: Parameters<typeof configOf>[0]) =>
  findPairErrors(configOf(change)).map(({ code, pointer }) =>
    `${code} ${pointer}`
  );

const replay = (hedgeFile?: string) => ({
  kind: "replay" as const,
  file: "a.csv",
  ...(hedgeFile === undefined ? {} : { hedgeFile }),
});

Deno.test("findPairErrors() wants a second market that is another one", () => {
  assert.deepEqual(codes({}), []);
  assert.deepEqual(codes({ feed: replay("b.csv") }), []);
  assert.deepEqual(codes({ feed: replay() }), [
    "HEDGE_MISSING /feed/hedgeFile",
  ]);
  assert.deepEqual(codes({ feed: replay("a.csv") }), [
    "HEDGE_IS_SYMBOL /feed/hedgeFile",
  ]);
  assert.deepEqual(codes({ symbol: "ethusdt" }), [
    "HEDGE_IS_SYMBOL /strategies/pairs/hedgeSymbol",
  ]);
  assert.deepEqual(codes({ feed: replay(), pairs: { enabled: false } }), []);
});

Deno.test("streamOf() names the second market, and only where there is one", () => {
  const stream = (change: Parameters<typeof configOf>[0]) =>
    streamOf({ id: "agt_1", config: configOf(change) });
  const both = stream({});
  assert.equal(both.streamId, "simulated:BTC/USDT+ETH/USDT:1m");
  assert.deepEqual(both.hedge, { symbol: "ETH/USDT", file: null });
  const single = stream({ pairs: { enabled: false } });
  assert.equal(single.streamId, "simulated:BTC/USDT:1m");
  assert.equal("hedge" in single, false);
  assert.deepEqual(stream({ feed: replay("b.csv") }).hedge, {
    symbol: "ETH/USDT",
    file: "b.csv",
  });
});

Deno.test("hedgeSourceOf() reads configurations from before there were pairs", () => {
  const { pairs: _, ...strategies } = configOf({}).strategies;
  const old = { feed: { kind: "simulated" as const }, strategies };
  assert.equal(hedgeSourceOf(old as never), null);
});
