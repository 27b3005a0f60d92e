import assert from "node:assert/strict";
import type { RecordingInfo } from "../../../lib/contracts/recording.ts";
import type { ListResponse } from "../../../lib/api/client.ts";
import { assertProblem } from "./assertions.ts";
import { RECORDED } from "./fake_recordings.ts";
import { createWorld, UNKNOWN_ID } from "./world.ts";

Deno.test("GET /api/agents/{id}/recordings lists, and {name} downloads, for a viewer too", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const path = `/api/agents/${id}/recordings`;
  const listed = await world.call("GET", path, { as: "viewer" });
  const { items }: ListResponse<RecordingInfo> = await listed.json();
  assert.deepEqual(items, [{
    name: `${id}-3.session`,
    epoch: 3,
    bytes: RECORDED.length,
    startedAt: 0,
    isWhole: true,
  }]);
  const { name } = items[0]!;
  const file = await world.call("GET", `${path}/${name}`, { as: "viewer" });
  assert.equal(file.status, 200);
  assert.equal(file.headers.get("content-type"), "application/octet-stream");
  assert.equal(
    file.headers.get("content-disposition"),
    `attachment; filename="${name}"`,
  );
  assert.deepEqual(await file.bytes(), RECORDED);
  const head = await world.call("HEAD", `${path}/${name}`);
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
});

Deno.test("GET /api/agents/{id}/recordings/{name} answers 404 to every other name and agent", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const names = [
    `${UNKNOWN_ID}-3.session`,
    `${id}-4.session`,
    "..%2Fstore.sqlite",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    `${id}-3.session%00`,
    `.%2F${id}-3.session`,
    `${id}-3.session%0d%0aX-Odd:1`,
  ];
  for (const name of names) {
    // deno-lint-ignore no-await-in-loop -- each has its own refusal
    const response = await world.call(
      "GET",
      `/api/agents/${id}/recordings/${name}`,
    );
    // deno-lint-ignore no-await-in-loop -- as above
    await assertProblem(response, "RECORDING_NOT_FOUND");
  }
  for (const rest of ["", `/${UNKNOWN_ID}-3.session`]) {
    const path = `/api/agents/${UNKNOWN_ID}/recordings${rest}`;
    // deno-lint-ignore no-await-in-loop -- as above
    await assertProblem(await world.call("GET", path), "AGENT_NOT_FOUND");
  }
});
