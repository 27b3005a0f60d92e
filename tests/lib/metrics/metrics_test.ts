import assert from "node:assert/strict";
import type { AgentView } from "../../../lib/contracts/agent.ts";
import { LatencyHistogram } from "../../../lib/core/histogram.ts";
import { createMetrics } from "../../../lib/metrics/metrics.ts";
import { account, agent } from "../ui/fixtures.ts";
import { QUIET_SOURCES } from "./quiet_sources.ts";

/** Samples of a text by name and labels; every line of it must be one or a comment. */
function samplesOf(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("# ")) continue;
    const [, name, value] = /^([a-z_]+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
    assert.ok(name !== undefined, `"${line}" is no sample`);
    assert.ok(!samples.has(name), `"${name}" comes twice`);
    samples.set(name, Number(value));
  }
  return samples;
}

async function read(
  sources: Partial<typeof QUIET_SOURCES> = {},
): Promise<{ samples: Map<string, number>; text: string }> {
  const metrics = createMetrics({ ...QUIET_SOURCES, ...sources });
  const { text } = await metrics.read();
  return { samples: samplesOf(text), text };
}

Deno.test("createMetrics() tells of the process, the store and the streams in Prometheus' text", async () => {
  const { samples, text } = await read();
  assert.equal(samples.get("smc_process_resident_bytes"), 1_000);
  assert.equal(samples.get('smc_process_cpu_seconds_total{thread="all"}'), 2.5);
  assert.equal(samples.get("smc_store_up"), 1);
  assert.equal(samples.get('smc_store_queued{kind="log"}'), 2);
  assert.equal(samples.get("smc_stream_clients"), 3);
  assert.equal(
    samples.get('smc_build_info{version="1.2.3",deno="2.9.6"}'),
    1,
  );
  // A name that ends so must be of that type.
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    assert.equal(type === "counter", name!.endsWith("_total"), name);
  }
});

Deno.test("createMetrics() leaves out what is not known of an agent, and never says zero for it", async () => {
  const unknown = agent({ id: "agt_1", name: "young", account: null });
  const { samples } = await read({ agents: () => [unknown] });
  const of = (name: string) =>
    samples.get(`${name}{agent="agt_1",name="young"}`);
  assert.equal(of("smc_agent_equity"), undefined);
  assert.equal(of("smc_agent_open_position"), undefined);
  assert.equal(of("smc_agent_slippage_basis_points"), undefined);
  assert.equal(of("smc_agent_incarnation"), unknown.epoch);
});

Deno.test("createMetrics() tells of an agent's books and signs of life", async () => {
  const known = agent({
    id: "agt_1",
    name: 'a "quoted" name',
    account: account({ equity: "10412.08", drawdownPct: 1.5 }),
    vitals: {
      heartbeatAt: 9_000,
      heapMiB: 2,
      liveHeapMiB: 1.5,
      mailboxDepth: 3,
      candleMsP50: 0.5,
      candleMsP99: 2,
      messagesPerSecond: null,
    },
  });
  const { samples } = await read({ now: () => 10_500, agents: () => [known] });
  const labels = 'agent="agt_1",name="a \\"quoted\\" name"';
  const of = (name: string, more = "") =>
    samples.get(`${name}{${labels}${more}}`);
  assert.equal(of("smc_agent_equity"), 10_412.08);
  assert.equal(of("smc_agent_drawdown_percent"), 1.5);
  assert.equal(of("smc_agent_heartbeat_age_seconds"), 1.5);
  assert.equal(of("smc_agent_heap_bytes"), 2 * 1_024 ** 2);
  assert.equal(of("smc_agent_live_heap_bytes"), 1.5 * 1_024 ** 2);
  assert.equal(of("smc_agent_candle_seconds", ',quantile="0.99"'), 0.002);
  assert.equal(of("smc_agent_messages_per_second"), undefined);
  assert.equal(of("smc_agent_trading_state", ',state="active"'), 1);
  assert.equal(of("smc_agent_trading_state", ',state="halted"'), 0);
});

Deno.test("createMetrics() tells of the heaps of workers that are no agents, and nothing of one that was not collected yet", async () => {
  const { samples } = await read({
    services: () => [
      { service: "desk:paper", heapBytes: 9_000, liveHeapBytes: 7_000 },
      { service: "feed:replay", heapBytes: 5_000, liveHeapBytes: null },
    ],
  });
  const of = (name: string, service: string) =>
    samples.get(`smc_service_${name}_bytes{service="${service}"}`);
  assert.equal(of("heap", "desk:paper"), 9_000);
  assert.equal(of("live_heap", "desk:paper"), 7_000);
  assert.equal(of("heap", "feed:replay"), 5_000);
  assert.equal(of("live_heap", "feed:replay"), undefined);
});

Deno.test("createMetrics() forgets an agent that is gone", async () => {
  let agents: readonly AgentView[] = [agent({ id: "agt_1", name: "gone" })];
  const metrics = createMetrics({ ...QUIET_SOURCES, agents: () => agents });
  assert.match((await metrics.read()).text, /name="gone"/);
  agents = [];
  const { text } = await metrics.read();
  assert.doesNotMatch(text, /name="gone"/);
  assert.match(text, /smc_agents\{state="running",mode="live"\} 0/);
});

Deno.test("createMetrics() counts requests by the route that was declared, and how late timers come", async () => {
  const metrics = createMetrics(QUIET_SOURCES);
  const route = "/api/agents/:id";
  metrics.answered({ method: "GET", route, status: 200, latencyMs: 3 });
  metrics.answered({ method: "GET", route, status: 404, latencyMs: 700 });
  metrics.late(30);
  const samples = samplesOf((await metrics.read()).text);
  const labels = `method="GET",route="${route}"`;
  assert.equal(
    samples.get(`smc_http_requests_total{${labels},status="404"}`),
    1,
  );
  assert.equal(
    samples.get(`smc_http_request_seconds_bucket{le="0.005",${labels}}`),
    1,
  );
  assert.equal(samples.get(`smc_http_request_seconds_count{${labels}}`), 2);
  assert.equal(samples.get('smc_loop_late_seconds_bucket{le="0.025"}'), 0);
  assert.equal(samples.get('smc_loop_late_seconds_bucket{le="0.05"}'), 1);
});

Deno.test("createMetrics() tells how long the stages of a decision take at each desk, and nothing of stages that were not measured", async () => {
  const histogram = new LatencyHistogram();
  histogram.record(2);
  const stages = {
    link: null,
    controls: histogram.figures(),
    journal: null,
    wire: null,
    ack: null,
    total: null,
  };
  const { samples } = await read({
    desks: () =>
      Promise.resolve([{
        desk: "desk:paper",
        stages: { ...stages, wire: stages.controls },
        recent: stages,
        rateBudget: null,
      }]),
  });
  const at = (stage: string, quantile: string) =>
    samples.get(
      `smc_desk_stage_seconds{desk="desk:paper",stage="${stage}",quantile="${quantile}"}`,
    );
  assert.equal(at("controls", "1"), 0.002);
  // It was measured once, and not of late.
  assert.equal(at("wire", "1"), undefined);
  assert.equal(
    samples.get('smc_desk_stage_total{desk="desk:paper",stage="wire"}'),
    1,
  );
  assert.equal(at("ack", "0.5"), undefined);
});

Deno.test("createMetrics() tells of hosts where several share a store, and names none where one is alone", async () => {
  const alone = await read();
  assert.ok(
    ![...alone.samples.keys()].some((name) => /^smc_host.*\{/.test(name)),
  );
  const { samples } = await read({
    hosts: () => ({
      hosts: [
        { id: "a", state: "alive", agents: 3 },
        { id: "b", state: "gone", agents: 2 },
      ],
      homeless: 2,
      takeovers: 1,
      refusedClaims: 4,
      mail: { p50Ms: 20, p99Ms: null },
    }),
  });
  assert.equal(samples.get('smc_hosts{state="gone"}'), 1);
  assert.equal(samples.get('smc_hosts{state="silent"}'), 0);
  assert.equal(samples.get('smc_host_agents{host="a"}'), 3);
  assert.equal(samples.get('smc_host_agents{host="b"}'), undefined);
  assert.equal(samples.get("smc_agents_without_host"), 2);
  assert.equal(samples.get("smc_host_takeovers_total"), 1);
  assert.equal(samples.get("smc_host_claims_refused_total"), 4);
  assert.equal(samples.get('smc_host_mail_seconds{quantile="0.5"}'), 0.02);
  assert.equal(
    samples.get('smc_host_mail_seconds{quantile="0.99"}'),
    undefined,
  );
});

Deno.test("createMetrics() tells what venues still allow, and nothing of desks without one", async () => {
  const stages = {
    link: null,
    controls: null,
    journal: null,
    wire: null,
    ack: null,
    total: null,
  };
  const { samples } = await read({
    desks: () =>
      Promise.resolve([
        { desk: "desk", stages, recent: stages, rateBudget: null },
        {
          desk: "desk:binance.swap",
          stages,
          recent: stages,
          rateBudget: { freeShare: 0.25, silentUntilMs: null },
        },
        {
          desk: "desk:okx.swap",
          stages,
          recent: stages,
          rateBudget: { freeShare: 0, silentUntilMs: 5_000 },
        },
      ]),
  });
  const of = (desk: string) => [
    samples.get(`smc_venue_rate_budget_free_ratio{desk="${desk}"}`),
    samples.get(`smc_venue_silent{desk="${desk}"}`),
  ];
  assert.deepEqual(of("desk"), [undefined, undefined]);
  assert.deepEqual(of("desk:binance.swap"), [0.25, 0]);
  assert.deepEqual(of("desk:okx.swap"), [0, 1]);
});

Deno.test("createMetrics() tells how long calls of the store take, and nothing where there was none of late", async () => {
  const times = new LatencyHistogram();
  for (const ms of [1, 2, 400]) times.record(ms);
  const { samples } = await read({
    store: () => ({
      ...QUIET_SOURCES.store(),
      calls: {
        read: { n: 7, recent: null },
        commit: { n: 3, recent: times.figures() },
      },
    }),
  });
  const at = (call: string, quantile: string) =>
    samples.get(
      `smc_store_call_seconds{call="${call}",quantile="${quantile}"}`,
    );
  assert.equal(at("commit", "1"), 0.4);
  assert.ok(at("commit", "0.5")! >= 0.002 && at("commit", "0.5")! < 0.0022);
  assert.equal(at("read", "1"), undefined);
  assert.equal(samples.get('smc_store_calls_total{call="commit"}'), 3);
  assert.equal(samples.get('smc_store_calls_total{call="read"}'), 7);
});
