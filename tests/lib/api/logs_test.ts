import assert from "node:assert/strict";
import type { LogEntry } from "../../../lib/contracts/log.ts";
import { cursors } from "../../../lib/contracts/cursor.ts";
import { assertProblem } from "./assertions.ts";
import { logEntry } from "./samples.ts";
import { createWorld, UNKNOWN_ID, type World } from "./world.ts";

function fill(world: World, count: number): void {
  for (let seq = 1; seq <= count; seq++) world.logs.push(logEntry(seq));
}

async function seqs(world: World, path: string): Promise<number[]> {
  const response = await world.call("GET", path);
  assert.equal(response.status, 200, path);
  const { items }: { items: LogEntry[] } = await response.json();
  return items.map((entry) => entry.seq);
}

Deno.test("GET /api/agents/logs filters, limits and pages, newest first", async () => {
  const world = createWorld();
  fill(world, 12);
  world.logs.push(
    logEntry(13, { level: "error", category: "risk", message: "limit hit" }),
  );
  assert.deepEqual(await seqs(world, "/api/agents/logs?limit=2"), [13, 12]);
  assert.deepEqual(
    await seqs(
      world,
      `/api/agents/logs?limit=2&cursor=${cursors.logs.write("12")}`,
    ),
    [11, 10],
  );
  assert.deepEqual(await seqs(world, "/api/agents/logs?category=risk"), [13]);
  assert.deepEqual(await seqs(world, "/api/agents/logs?q=limit"), [13]);
  assert.deepEqual(
    await seqs(world, "/api/agents/logs?level=error&level=warning"),
    world.logs.filter((entry) => ["error", "warning"].includes(entry.level))
      .map((entry) => entry.seq).toReversed(),
  );
});

Deno.test("GET /api/agents/logs refuses unknown levels, agents and parameters", async () => {
  const world = createWorld();
  for (
    const [query, pointer] of [
      ["level=fatal", "/level"],
      ["agentId=btc", "/agentId"],
      ["limit=500", "/limit"],
      ["cursor=abc", "/cursor"],
      ["levle=error", "/levle"],
      ["from=yesterday", "/from"],
      ["to=2026-13-01", "/to"],
    ] as const
  ) {
    const problem = await assertProblem(
      await world.call("GET", `/api/agents/logs?${query}`),
      "REQUEST_INVALID",
    );
    assert.equal(problem.errors![0]!.pointer, pointer);
  }
});

Deno.test("GET /api/agents/{id}/logs shows one agent's lines, also after it is gone", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  assert.deepEqual(await seqs(world, `/api/agents/${id}/logs`), []);
  world.logs.push(logEntry(1), logEntry(2, { agentId: id }));
  assert.deepEqual(await seqs(world, `/api/agents/${id}/logs`), [2]);
  world.fleet.agents.clear();
  assert.deepEqual(await seqs(world, `/api/agents/${id}/logs`), [2]);
  await assertProblem(
    await world.call("GET", `/api/agents/${UNKNOWN_ID}/logs`),
    "AGENT_NOT_FOUND",
  );
});

Deno.test("GET /api/logs/export streams every matching line in three formats", async () => {
  const world = createWorld();
  fill(world, 450);
  const get = async (query: string) => {
    const response = await world.call("GET", `/api/logs/export${query}`);
    assert.equal(response.status, 200);
    return response;
  };
  const ndjson = await get("");
  assert.match(
    ndjson.headers.get("content-type")!,
    /^application\/x-ndjson/,
  );
  assert.match(
    ndjson.headers.get("content-disposition")!,
    /^attachment; filename="smc-fleet-logs-2026-09-01\.ndjson"$/,
  );
  const lines = (await ndjson.text()).trimEnd().split("\n");
  assert.equal(lines.length, 450);
  assert.equal(JSON.parse(lines[0]!).seq, 450);
  const all: LogEntry[] = await (await get("?format=json")).json();
  assert.deepEqual(
    all.map((entry) => entry.seq),
    world.logs.map((entry) => entry.seq).toReversed(),
  );
  const csv = await (await get("?format=csv&level=error")).text();
  const rows = csv.trimEnd().split("\r\n");
  assert.equal(
    rows[0],
    "seq,at,marketAt,level,category,agentId,agentName,message,data",
  );
  assert.equal(rows.length, 1 + 90);
  assert.equal(await (await get("?q=nothing-like-this")).text(), "");
  assert.deepEqual(await (await get("?format=json&q=none-at-all")).json(), []);
  await assertProblem(
    await world.call("GET", "/api/logs/export?format=xml"),
    "REQUEST_INVALID",
  );
});

Deno.test("GET /api/agents/logs and the export keep to a time range, both ends inside", async () => {
  const world = createWorld();
  fill(world, 9);
  const range =
    "from=2026-09-01T00:00:00.003&to=2026-09-01T02:00:00.005%2B02:00";
  assert.deepEqual(await seqs(world, `/api/agents/logs?${range}`), [5, 4, 3]);
  const all: LogEntry[] = await (await world.call(
    "GET",
    `/api/logs/export?format=json&${range}`,
  )).json();
  assert.deepEqual(all.map(({ seq }) => seq), [5, 4, 3]);
  assert.deepEqual(await seqs(world, "/api/agents/logs?to=2026-08-31"), []);
});

Deno.test("GET /api/logs/export quotes CSV and disarms formulas", async () => {
  const world = createWorld();
  world.logs.push(logEntry(1, {
    message: '=HYPERLINK("http://x")',
    agentName: 'a,"b"\nc',
    data: { price: "1.5" },
  }));
  const csv = await (await world.call("GET", "/api/logs/export?format=csv"))
    .text();
  assert.ok(csv.includes(`"'=HYPERLINK(""http://x"")"`));
  assert.ok(csv.includes(`"a,""b""\nc"`));
  assert.ok(csv.includes(`"{""price"":""1.5""}"`));
});

Deno.test("GET /api/logs/export reads pages as the client takes them and stops when it leaves", async () => {
  const world = createWorld();
  let pages = 0;
  world.options.logs = ({ cursor }) => {
    pages++;
    const seq = Number(cursor ?? 1_000_000);
    return Promise.resolve({
      items: [logEntry(seq)],
      nextCursor: String(seq - 1),
    });
  };
  const response = await world.call("GET", "/api/logs/export");
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
  assert.ok(pages < 10, `${pages} pages were read ahead`);
});

Deno.test("GET /api/logs/export breaks off when the store fails midway, and is a problem when it fails at once", async () => {
  const world = createWorld();
  world.options.logs = ({ cursor }) =>
    cursor === undefined
      ? Promise.resolve({ items: [logEntry(2)], nextCursor: "2" })
      : Promise.reject(new Error("disk"));
  const response = await world.call("GET", "/api/logs/export?format=json");
  await assert.rejects(() => response.text());
  world.options.logs = () => Promise.reject(new Error("disk"));
  await assertProblem(
    await world.call("GET", "/api/logs/export"),
    "INTERNAL",
  );
});
