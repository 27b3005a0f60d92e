import assert from "node:assert/strict";
import type { ListResponse } from "../../../lib/api/client.ts";
import { quotaExceeded, QUOTAS } from "../../../lib/contracts/quota.ts";
import type { QuotaView } from "../../../lib/contracts/quota.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

Deno.test("GET /api/quotas tells the use of everything that is limited, one's own and the server's", async () => {
  const world = createWorld();
  const response = await world.call("GET", "/api/quotas", { as: "viewer" });
  assert.equal(response.status, 200);
  const { items }: ListResponse<QuotaView> = await response.json();
  for (const { quota, used, limit, of, things } of items) {
    assert.ok(used >= 0 && used <= limit, quota);
    assert.equal(of, QUOTAS[quota].of);
    assert.equal(things, QUOTAS[quota].things);
  }
  for (
    const quota of ["backtests", "exchange_keys", "api_tokens", "sessions"]
  ) {
    assert.ok(items.some((item) => item.quota === quota), quota);
  }
});

Deno.test("QUOTA_EXCEEDED tells quota, used and limit, and one sentence with the way out", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  for (const quota of Object.keys(QUOTAS) as (keyof typeof QUOTAS)[]) {
    world.fleet.failure = quotaExceeded({ quota, used: 7, limit: 7 });
    const problem = await assertProblem(
      // deno-lint-ignore no-await-in-loop -- one refusal after the other
      await world.call("DELETE", `/api/agents/${id}`),
      "QUOTA_EXCEEDED",
    );
    assert.deepEqual(
      [problem.quota, problem.used, problem.limit],
      [quota, 7, 7],
    );
    assert.match(problem.detail, /^(You have|This server has) 7 of 7 [^.]+; /);
  }
});
