import assert from "node:assert/strict";
import type {
  BacktestDetail,
  BacktestView,
} from "../../../lib/contracts/backtest.ts";
import type { ReplayView } from "../../../lib/contracts/replay.ts";
import type { ListResponse } from "../../../lib/api/client.ts";
import type { CandlePage } from "../../../lib/backtest/port.ts";
import { sampleReport, sampleRequest } from "../backtest/sample_report.ts";
import { assertProblem } from "./assertions.ts";
import { UNKNOWN_BACKTEST } from "./backtests_world.ts";
import { createWorld, type World } from "./world.ts";

let made = 0;

function post(world: World, body: unknown) {
  world.clock.now += 1_000;
  return world.call("POST", "/api/backtests", {
    as: "trader",
    body,
    headers: { "idempotency-key": `k${++made}` },
  });
}

async function submit(world: World): Promise<BacktestView> {
  const response = await post(world, sampleRequest());
  assert.equal(response.status, 202, await response.clone().text());
  return await response.json();
}

async function finished(world: World): Promise<BacktestView> {
  const view = await submit(world);
  const held = await world.backtests.held();
  held.end(sampleReport());
  await world.backtests.ended(view.id);
  return view;
}

Deno.test("POST /api/backtests answers 202 with Location and the queued run, once for one key", async () => {
  const world = createWorld();
  const send = () =>
    world.call("POST", "/api/backtests", {
      as: "trader",
      body: sampleRequest(),
      headers: { "idempotency-key": "same" },
    });
  const first = await send();
  const view: BacktestView = await first.json();
  assert.equal(first.status, 202);
  assert.match(view.id, /^bt_[0-9A-Z]{26}$/);
  assert.equal(first.headers.get("location"), `/api/backtests/${view.id}`);
  assert.equal(view.ownerId, "usr_trader");
  const again = await send();
  assert.equal(((await again.json()) as BacktestView).id, view.id);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  assert.equal(world.backtests.service.list().length, 1);
});

Deno.test("POST /api/backtests points at every wrong field at once", async () => {
  const world = createWorld();
  const request = sampleRequest();
  const response = await post(world, {
    ...request,
    config: { ...request.config, timeframe: "1h" },
    data: {
      kind: "file",
      file: "btc-15m.csv",
      from: "2026-02-01T00:00:00Z",
      to: "2026-01-01T00:00:00Z",
    },
    study: {
      kind: "sweep",
      grid: {
        "strategies.fvg.minGap": [1],
        "risk.leverage": [1, 500],
        "symbol": ["BTC/USDT"],
      },
    },
    monteCarloRuns: -1,
    typo: 1,
  });
  const problem = await assertProblem(response, "REQUEST_INVALID");
  const pointers = problem.errors!.map(({ pointer }) => pointer);
  for (
    const pointer of [
      "/monteCarloRuns",
      "/typo",
      "/config/timeframe",
      "/data/to",
      "/study/grid/strategies.fvg.minGap",
      "/study/grid/risk.leverage/1",
      "/study/grid/symbol",
    ]
  ) assert.ok(pointers.includes(pointer), `${pointer} of ${pointers}`);
  for (const { detail } of problem.errors!) assert.ok(detail.length > 10);
});

Deno.test("POST /api/backtests refuses files, types and grids that cannot be run", async () => {
  const world = createWorld();
  const request = sampleRequest();
  const values = Array.from({ length: 60 }, (_, index) => 1 + index);
  for (
    const [change, pointer, pattern] of [
      [{ data: { kind: "file", file: "gone.csv" } }, "/data/file", /gone\.csv/],
      [
        { data: { kind: "file", file: "../x.csv" } },
        "/data/file",
        /without a path/,
      ],
      [{ data: { kind: "simulated", candles: 1 } }, "/data/candles", /100 to/],
      [
        { config: { ...request.config, type: "executor" } },
        "/config/type",
        /cannot be backtested/,
      ],
      [{ study: { kind: "sweep", grid: {} } }, "/study/grid", /at least one/],
      [
        {
          study: {
            kind: "sweep",
            grid: {
              "risk.leverage": values,
              "safety.maxOpenOrders": values.slice(0, 50),
            },
          },
        },
        "/study/grid",
        /3000 parameter sets, at most 2000/,
      ],
      [{ study: { kind: "sweep", grid: { "": [1] } } }, "/study/grid/", /path/],
    ] as const
  ) {
    // deno-lint-ignore no-await-in-loop -- one refusal after the other
    const problem = await assertProblem(
      // deno-lint-ignore no-await-in-loop -- one refusal after the other
      await post(world, { ...request, ...change }),
      "REQUEST_INVALID",
    );
    const error = problem.errors!.find((field) => field.pointer === pointer);
    assert.ok(error, `${pointer} of ${JSON.stringify(problem.errors)}`);
    assert.match(error.detail, pattern);
  }
});

Deno.test("POST /api/backtests refuses a sixth open run of one user, with the use in figures", async () => {
  const world = createWorld();
  for (let count = 0; count < 5; count++) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    await submit(world);
  }
  const response = await post(world, sampleRequest());
  const problem = await assertProblem(response, "QUOTA_EXCEEDED");
  assert.deepEqual(
    [problem.quota, problem.used, problem.limit],
    ["backtests", 5, 5],
  );
});

Deno.test("GET /api/backtests lists newest first in pages", async () => {
  const world = createWorld();
  const ids: string[] = [];
  for (let count = 0; count < 3; count++) {
    // deno-lint-ignore no-await-in-loop -- in order
    ids.unshift((await submit(world)).id);
  }
  const page = async (query: string): Promise<ListResponse<BacktestView>> =>
    (await world.call("GET", `/api/backtests${query}`, { as: "viewer" }))
      .json();
  const first = await page("?limit=2");
  assert.deepEqual(first.items.map(({ id }) => id), ids.slice(0, 2));
  const rest = await page(`?limit=2&cursor=${first.nextCursor}`);
  assert.deepEqual(rest.items.map(({ id }) => id), ids.slice(2));
  assert.equal(rest.nextCursor, null);
  assert.deepEqual((await page("?state=done")).items, []);
  for (const query of ["?state=don", "?limit=0", "?cursor=1", "?stat=done"]) {
    // deno-lint-ignore no-await-in-loop -- one refusal after the other
    await assertProblem(
      // deno-lint-ignore no-await-in-loop -- one refusal after the other
      await world.call("GET", `/api/backtests${query}`),
      "REQUEST_INVALID",
    );
  }
});

Deno.test("a run that is done has a report, candles, steps and a tear sheet that runs nothing", async () => {
  const world = createWorld();
  const { id } = await finished(world);
  const detail: BacktestDetail =
    await (await world.call("GET", `/api/backtests/${id}`)).json();
  assert.equal(detail.state, "done");
  assert.deepEqual(detail.report, JSON.parse(JSON.stringify(sampleReport())));

  const sheet = await world.call("GET", `/api/backtests/${id}/report.html`);
  assert.match(sheet.headers.get("content-type")!, /^text\/html/);
  const policy = sheet.headers.get("content-security-policy")!;
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /sandbox$/);
  assert.doesNotMatch(policy, /script|allow-/);
  assert.equal(sheet.headers.get("x-content-type-options"), "nosniff");
  assert.match(await sheet.text(), /<h1>Backtest<\/h1>/);

  const candles: CandlePage = await (await world.call(
    "GET",
    `/api/backtests/${id}/candles?from=490&limit=20`,
  )).json();
  assert.equal(candles.total, 500);
  assert.deepEqual(
    candles.candles.map(({ seq }) => seq),
    Array.from({ length: 10 }, (_, at) => 490 + at),
  );

  const view: ReplayView = await (await world.call(
    "GET",
    `/api/backtests/${id}/replay?seq=250&after=-1`,
  )).json();
  assert.equal(view.seq, 250);
  assert.equal(view.chart.candles.at(-1)!.seq, 250);
  assert.ok(view.steps.every(({ seq }) => seq <= 250));
});

Deno.test("results of a run that is not done are refused with its state", async () => {
  const world = createWorld();
  const { id } = await submit(world);
  for (const path of ["/report.html", "/candles", "/replay?seq=1"]) {
    // deno-lint-ignore no-await-in-loop -- one refusal after the other
    const problem = await assertProblem(
      // deno-lint-ignore no-await-in-loop -- one refusal after the other
      await world.call("GET", `/api/backtests/${id}${path}`),
      "BACKTEST_STATE_CONFLICT",
    );
    assert.match(problem.detail, /running/);
  }
  await assertProblem(
    await world.call("DELETE", `/api/backtests/${id}`),
    "BACKTEST_STATE_CONFLICT",
  );
});

Deno.test("a run that is too long to be held is refused before anything is read", async () => {
  const world = createWorld();
  const { id } = await submit(world);
  const summary = { ...sampleReport().summary, candles: 10_000_000 };
  (await world.backtests.held()).end(sampleReport({ summary }));
  await world.backtests.ended(id);
  for (const path of ["/candles", "/replay?seq=1"]) {
    // deno-lint-ignore no-await-in-loop -- one refusal after the other
    const problem = await assertProblem(
      // deno-lint-ignore no-await-in-loop -- one refusal after the other
      await world.call("GET", `/api/backtests/${id}${path}`),
      "BACKTEST_STATE_CONFLICT",
    );
    assert.match(problem.detail, /10000000 candles, more than the/);
  }
});

Deno.test("a canceled run says who canceled it, is canceled once and can be removed", async () => {
  const world = createWorld();
  const { id } = await submit(world);
  const cancel = () =>
    world.call("POST", `/api/backtests/${id}/cancel`, { as: "operator" });
  const response = await cancel();
  assert.equal(response.status, 200);
  const view: BacktestView = await response.json();
  assert.equal(view.state, "canceled");
  assert.match(view.detail!, /operator@example\.com/);
  await assertProblem(await cancel(), "BACKTEST_STATE_CONFLICT");
  const removed = await world.call("DELETE", `/api/backtests/${id}`, {
    as: "trader",
  });
  assert.equal(removed.status, 204);
  await assertProblem(
    await world.call("GET", `/api/backtests/${id}`),
    "BACKTEST_NOT_FOUND",
  );
  assert.deepEqual(world.backtests.published.at(-1), { id, view: null });
});

Deno.test("ids that no run has are BACKTEST_NOT_FOUND, whatever their form", async () => {
  const world = createWorld();
  for (const id of [UNKNOWN_BACKTEST, "x", `agt_${"0".repeat(26)}`]) {
    for (const path of ["", "/report.html", "/candles"]) {
      // deno-lint-ignore no-await-in-loop -- one refusal after the other
      await assertProblem(
        // deno-lint-ignore no-await-in-loop -- one refusal after the other
        await world.call("GET", `/api/backtests/${id}${path}`),
        "BACKTEST_NOT_FOUND",
      );
    }
  }
});
