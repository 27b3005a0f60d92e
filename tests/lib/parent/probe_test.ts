import assert from "node:assert/strict";
import { createProbe } from "../../../lib/parent/probe.ts";

Deno.test("createProbe() hears a host that answers, and not one that fails or is gone", async () => {
  let status = 200;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) =>
      new Response("{}", {
        status: new URL(request.url).pathname === "/api/health/live"
          ? status
          : 404,
      }),
  );
  for (const HOST of ["127.0.0.1", "0.0.0.0"]) {
    const probe = createProbe({ HOST, PORT: server.addr.port })!;
    status = 200;
    // deno-lint-ignore no-await-in-loop -- one answer after the other
    assert.equal(await probe(), true);
    status = 503;
    // deno-lint-ignore no-await-in-loop -- as above
    assert.equal(await probe(), false);
  }
  const probe = createProbe({ HOST: "127.0.0.1", PORT: server.addr.port })!;
  await server.shutdown();
  assert.equal(await probe(), false);
});

Deno.test("createProbe() is null where loopback does not lead to the host", () => {
  assert.equal(createProbe({ HOST: "192.0.2.7", PORT: 3001 }), null);
  assert.equal(createProbe({ HOST: "127.0.0.1", PORT: 0 }), null);
});
