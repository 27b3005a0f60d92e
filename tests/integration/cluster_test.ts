/** Several real processes over one KV server: what a person sees and does through a control process, and what a host leaves when it ends. */
import assert from "node:assert/strict";
import { serialize } from "node:v8";
import type {
  AgentDetail,
  AgentView,
  ConfigResponse,
  PerformanceResponse,
} from "../../lib/contracts/agent.ts";
import type { StopResponse } from "../../lib/contracts/emergency.ts";
import { HOST_DEAD_MS } from "../../lib/fleet/cluster/limits.ts";
import { backtestFiles } from "../chaos/backtests.ts";
import {
  CANDLES_PER_SECOND,
  chaosConfig,
  MINUTE_SECONDS,
  writeReplayFiles,
} from "../chaos/plan.ts";
import { clusterEnv } from "../cluster/campaign.ts";
import { startKvProcess } from "../cluster/kv_process.ts";
import { Member } from "../cluster/member.ts";
import { OwnershipRecord } from "../cluster/ownership.ts";
import { ApiFailure, setUp, type TestApi } from "../support/api.ts";
import type { Mutation } from "../support/kv_connect/messages.ts";
import { TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** 27 times 45 candles, a hundred a second. */
const REPLAY = { kills: 27, seed: 5 };
const REPLAY_SPEED = 5 * CANDLES_PER_SECOND * MINUTE_SECONDS;
/** Candles that the replay has behind it when its host is killed. */
const KILLED_AT = 200;

interface World {
  folder: string;
  control: Member;
  hosts: readonly [Member, Member];
  record: OwnershipRecord;
}

async function withCluster(run: (world: World) => Promise<void>) {
  await withTempDir(async (folder) => {
    const candlesDir = `${folder}/candles`;
    await Deno.mkdir(candlesDir);
    const kv = await startKvProcess(folder);
    // deno-lint-ignore no-console -- what the store was belongs to the result
    console.log(`KV server: ${kv.kind}`);
    const record = new OwnershipRecord();
    const env = clusterEnv({
      candlesDir,
      candlesPerSecond: CANDLES_PER_SECOND,
    });
    const member = (id: string, role: Member["role"]) =>
      new Member({ id, role, folder, kvUrl: kv.url, record, env });
    const control = member("control-1", "control");
    const hosts = [member("host-1", "host"), member("host-2", "host")] as const;
    const all = [control, ...hosts];
    try {
      await Promise.all(all.map((one) => one.start()));
      await run({ folder: candlesDir, control, hosts, record });
    } catch (error) {
      const printed = all.map(({ id, output }) => `${id}:\n${output}`);
      throw new Error(printed.join("\n"), { cause: error });
    } finally {
      await Promise.all(all.map((one) => one.kill()));
      await Promise.all(all.map((one) => one.close()));
      await kv.stop();
    }
  });
}

async function spawn(
  api: TestApi,
  config: ReturnType<typeof chaosConfig>,
): Promise<AgentView> {
  const id = await spawnedId(api, config);
  return await api.waitForAgent(
    id,
    ({ observed, host }) => observed === "running" && host !== undefined,
  );
}

/** As a careful client spawns: where nobody knows whether it was stored, the next try finds the name free, or taken by the one before. */
async function spawnedId(
  api: TestApi,
  config: ReturnType<typeof chaosConfig>,
  triesLeft = 5,
): Promise<string> {
  try {
    const body = { config, acknowledgeWarnings: true };
    return (await api.send<AgentView>("POST", "/api/agents/spawn", body)).id;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    // On a machine that is busy the store may take longer than a command waits.
    if (error.status === 503 && triesLeft > 0) {
      return await spawnedId(api, config, triesLeft - 1);
    }
    const { items } = await api.get<{ items: AgentView[] }>("/api/agents");
    const known = items.find(({ name }) => name === config.name);
    if (error.status !== 409 || known === undefined) throw error;
    return known.id;
  }
}

async function control(api: TestApi, id: string, action: string) {
  await api.send("POST", `/api/agents/${id}/control`, { action });
}

/** One reads the same of agents of both hosts through the control process. */
async function assertReadable(api: TestApi, agents: readonly AgentView[]) {
  const { items } = await api.get<{ items: AgentView[] }>("/api/agents");
  for (const { id, name, host } of agents) {
    assert.equal(items.find((agent) => agent.id === id)?.host, host);
    const [detail, chart, performance] = await Promise.all([
      api.get<AgentDetail>(`/api/agents/${id}`),
      api.get<{ candles: unknown }>(`/api/agents/${id}/chart`),
      api.get<PerformanceResponse>(`/api/agents/${id}/performance`),
    ]);
    assert.equal(detail.name, name);
    assert.ok(chart.candles !== undefined, `${name} has a chart`);
    assert.ok(performance.trades >= 0, `${name} has figures`);
  }
}

async function assertNoPanel({ url }: Member) {
  for (const path of ["/", "/login", "/api/agents"]) {
    const response = await fetch(`${url}${path}`, { redirect: "manual" });
    await response.body?.cancel();
    assert.equal(response.status, 404, path);
  }
  const health = await fetch(`${url}/api/health/live`);
  await health.body?.cancel();
  assert.equal(health.status, 200);
}

/** Raises a setting of an agent, whichever host has it. */
async function configure(
  { url }: Member,
  { api, id }: { api: TestApi; id: string },
): Promise<ConfigResponse> {
  const { config, configVersion } = await api.get<AgentDetail>(
    `/api/agents/${id}`,
  );
  config.safety.maxOrdersPerMinute = 77;
  const answer = await fetch(`${url}/api/agents/${id}/config`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${await api.token()}`,
      "content-type": "application/json",
      "if-match": `"${configVersion}"`,
    },
    body: JSON.stringify({ config }),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

const isHalted = ({ account }: AgentView) => account?.tradingState === "halted";
const isActive = ({ account }: AgentView) => account?.tradingState === "active";

Deno.test(
  "two hosts and a control process over one store: agents are commanded through the control, survive the end of their host with equal books, and stand still wherever they are after an emergency stop",
  () =>
    withCluster(async (world) => {
      const { control: panel, hosts, record, folder } = world;
      const api = await setUp(panel, panel.dataDir);
      await Promise.all(hosts.map(assertNoPanel));
      const [file] = await writeReplayFiles({ ...REPLAY, folder });
      const backtests = backtestFiles(folder, [file!]);
      const feed = { kind: "simulated" } as const;
      const first = await spawn(api, chaosConfig("market-1", feed));
      const second = await spawn(api, chaosConfig("market-2", feed));
      assert.notEqual(first.host, second.host, "they go where there is room");
      const replay = await spawn(
        api,
        chaosConfig("replay", {
          kind: "replay",
          file: file!.name,
          speed: REPLAY_SPEED,
        }),
      );
      await assertReadable(api, [first, second]);

      await control(api, first.id, "pause");
      await control(api, second.id, "pause");
      await api.waitForAgent(first.id, ({ observed }) => observed === "paused");
      await api.waitForAgent(
        second.id,
        ({ observed }) => observed === "paused",
      );
      const { configVersion } = await configure(panel, { api, id: second.id });
      assert.equal(configVersion, 2);
      await control(api, second.id, "resume");
      await api.waitForAgent(
        second.id,
        ({ observed }) => observed === "running",
      );

      const victim = hosts.find(({ id }) => id === replay.host)!;
      const other = hosts.find((host) => host !== victim)!;
      await api.waitForAgent(
        replay.id,
        ({ progress }) => progress.seq >= KILLED_AT,
      );
      await victim.kill();
      await api.waitForAgent(
        replay.id,
        ({ observed, host }) => observed === "running" && host === other.id,
      );
      const moved = [first, second].find(({ host }) => host === victim.id)!;
      await api.waitForAgent(
        moved.id,
        ({ observed, desired, host }) =>
          observed === desired && host === other.id,
      );
      const ended = await api.waitForAgent(
        replay.id,
        ({ account, winRatePct: known }) =>
          account?.seq === file!.candles - 1 && known !== null,
      );
      const expected = (await backtests).get(file!.name)!;
      assert.ok(expected.trades > 0, "the replay trades");
      assert.equal(ended.account?.trades, expected.trades);
      assert.equal(ended.account?.tradesHash, expected.tradesHash);

      const { stop } = await api.send<StopResponse>("POST", "/api/emergency", {
        scope: { kind: "all" },
        lever: "block",
        reason: "everybody",
      });
      await api.waitForAgent(second.id, isHalted);
      // The stop is older than this start of the host.
      await victim.start();
      const drainedAt = performance.now();
      assert.equal(await other.drain(), 0);
      const here = await api.waitForAgent(
        second.id,
        ({ observed, host }) => observed === "running" && host === victim.id,
      );
      const { atMs } = record.takingsOf(second.id).at(-1)!;
      assert.ok(atMs - drainedAt < HOST_DEAD_MS, "nobody waited for a silence");
      if (!isHalted(here)) await api.waitForAgent(second.id, isHalted);
      await api.send("POST", `/api/emergency/${stop.id}/release`, {
        reason: "all is well",
        confirm: "RELEASE",
        password: TEST_PASSWORD,
      });
      await api.waitForAgent(second.id, isActive);
      const stillPaused = await api.get<AgentView>(`/api/agents/${first.id}`);
      assert.equal(stillPaused.observed, "paused");

      record.examine({ isEnd: true });
      assert.deepEqual(record.overlaps, []);
      assert.ok(record.examined > 0, "writes of agents were seen");
    }),
);

/** A mutation as it is on the wire; without a value it deletes. */
function mutation(texts: readonly string[], value?: unknown): Mutation {
  const text = texts.map((part) => `\x02${part}\0`).join("");
  const key = new TextEncoder().encode(text);
  return value === undefined
    ? { key, kind: "delete", value: new Uint8Array(), encoding: 0 }
    : { key, kind: "set", value: serialize(value), encoding: 1 };
}

Deno.test("OwnershipRecord finds writes of who does not own an agent, and owners that overlap", () => {
  const record = new OwnershipRecord();
  let stamp = 0;
  const write = (by: string, ...mutations: Mutation[]) =>
    record.take({ stamp: String(++stamp), mutations, atMs: stamp }, by);
  const enter = (id: string) =>
    write(id, mutation(["host_session", id], { session: `boot-${id}` }));
  const claim = (hostId: string, epoch: number) =>
    write(
      hostId,
      mutation(["owner", "agt"], {
        owner: { agentId: "agt", hostId, session: `boot-${hostId}`, epoch },
      }),
    );
  const view = (by: string) => write(by, mutation(["view", "agt"], {}));
  enter("a");
  enter("b");
  claim("a", 1);
  view("a");
  // The session of "a" is in force.
  claim("b", 2);
  view("b");
  view("a");
  write("a", mutation(["host_session", "b"]));
  view("b");
  record.examine({ isEnd: true });
  assert.deepEqual(record.overlaps, [
    `view of agt was written at 7 by "a", and "b" owned it (owner 2)`,
    `view of agt was written at 9 by "b" after its session had ended`,
    `owner 2 of agt ("b") took it while the session of "a" was in force`,
  ]);
  assert.equal(record.examined, 4);
});
