import assert from "node:assert/strict";
import type { DeadLetter } from "../../../lib/contracts/dead_letter.ts";
import type { ListResponse } from "../../../lib/api/client.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

function deadLetter(n: number): DeadLetter {
  return {
    n,
    at: n,
    actorId: "desk:paper",
    agentId: null,
    agentName: null,
    epoch: 1,
    reason: "late_message",
    link: "agent:agt_1",
    detail: `letter ${n}`,
  };
}

Deno.test("GET /api/dead-letters answers page by page, newest first", async () => {
  const world = createWorld();
  for (let n = 1; n <= 5; n++) world.deadLetters.push(deadLetter(n));
  const numbers: number[] = [];
  let query = "?limit=2";
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const response = await world.call("GET", `/api/dead-letters${query}`, {
      as: "viewer",
    });
    assert.equal(response.status, 200);
    // deno-lint-ignore no-await-in-loop -- as above
    const page: ListResponse<DeadLetter> = await response.json();
    numbers.push(...page.items.map(({ n }) => n));
    if (page.nextCursor === null) break;
    query = `?limit=2&cursor=${page.nextCursor}`;
  }
  assert.deepEqual(numbers, [5, 4, 3, 2, 1]);
});

Deno.test("GET /api/dead-letters refuses a limit, a cursor and a filter that it does not know", async () => {
  const world = createWorld();
  for (const query of ["limit=0", "cursor=x", "reason=poison"]) {
    // deno-lint-ignore no-await-in-loop -- each refusal is looked at
    const response = await world.call("GET", `/api/dead-letters?${query}`);
    // deno-lint-ignore no-await-in-loop -- as above
    await assertProblem(response, "REQUEST_INVALID");
  }
});
