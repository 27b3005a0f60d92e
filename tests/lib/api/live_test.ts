import assert from "node:assert/strict";
import { assertProblem } from "./assertions.ts";
import { BASE, createWorld, UNKNOWN_ID } from "./world.ts";

Deno.test("GET /api/stream hands topics, place and a check of the login to the hub", async () => {
  const world = createWorld();
  const response = await world.call(
    "GET",
    `/api/stream?topics=agent:update,logs:${UNKNOWN_ID}&after=7`,
    { as: "viewer" },
  );
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const [stream] = world.streams;
  assert.deepEqual(stream!.topics, ["agent:update", `logs:${UNKNOWN_ID}`]);
  assert.equal(stream!.after, 7);
  assert.equal(stream!.userId, "usr_viewer");
  assert.equal(await stream!.isStillAllowed(), true);
  world.sessions.delete(world.tokens.viewer);
  assert.equal(await stream!.isStillAllowed(), false);
});

Deno.test("GET /api/stream prefers Last-Event-ID and starts from now without either", async () => {
  const world = createWorld();
  await world.call("GET", "/api/stream?after=7", {
    headers: { "last-event-id": "9" },
  });
  assert.equal(world.streams[0]!.after, 9);
  await world.call("GET", "/api/stream");
  assert.equal(world.streams[1]!.after, null);
  assert.deepEqual(world.streams[1]!.topics, []);
});

Deno.test("GET /api/stream refuses unknown topics and places, and tokens in the URL", async () => {
  const world = createWorld();
  for (const query of ["topics=logs:x", "after=-1", "after=x", "token=abc"]) {
    await assertProblem(
      await world.call("GET", `/api/stream?${query}`),
      "REQUEST_INVALID",
    );
  }
  await assertProblem(
    await world.call("GET", "/api/stream", {
      headers: { "last-event-id": "abc" },
    }),
    "REQUEST_INVALID",
  );
  assert.equal(world.streams.length, 0);
});

Deno.test("GET /api/stream with a cookie is refused to foreign pages only", async () => {
  const world = createWorld();
  const cookie = `session=${world.tokens.viewer}`;
  const open = (headers: Record<string, string>) =>
    world.call("GET", "/api/stream", {
      as: null,
      headers: { cookie, ...headers },
    });
  assert.equal((await open({})).status, 200);
  assert.equal((await open({ "sec-fetch-site": "same-origin" })).status, 200);
  await assertProblem(
    await open({ origin: "http://evil.example" }),
    "ORIGIN_FOREIGN",
  );
  await assertProblem(
    await open({ "sec-fetch-site": "cross-site" }),
    "ORIGIN_FOREIGN",
  );
});

Deno.test("GET /api/socket takes a cookie with Origin or a bearer header, and no token as a subprotocol", async () => {
  const world = createWorld();
  const open = (headers: Record<string, string>) =>
    world.call("GET", "/api/socket", {
      as: null,
      headers: { upgrade: "websocket", ...headers },
    });
  const cookie = `session=${world.tokens.viewer}`;
  assert.equal((await open({ cookie, origin: BASE })).status, 200);
  await assertProblem(await open({ cookie }), "ORIGIN_FOREIGN");
  await assertProblem(
    await open({ cookie, origin: "http://evil.example" }),
    "ORIGIN_FOREIGN",
  );
  const authorization = `Bearer ${world.tokens.viewer}`;
  assert.equal((await open({ authorization })).status, 200);
  const protocols = `smc-fleet, bearer.${world.tokens.viewer}`;
  await assertProblem(
    await open({ "sec-websocket-protocol": protocols }),
    "AUTH_REQUIRED",
  );
  await assertProblem(
    await world.call("GET", "/api/socket"),
    "REQUEST_MALFORMED",
  );
});

Deno.test("POST /api/socket/ticket gives a ticket to who may listen; with it a socket opens from no other site", async () => {
  const world = createWorld();
  const issued = await world.call("POST", "/api/socket/ticket", {
    as: "viewer",
  });
  assert.equal(issued.status, 201);
  assert.deepEqual(await issued.json(), {
    ticket: "ticket of usr_viewer",
    expiresAt: "2026-09-01T00:00:30.000Z",
  });
  const cookie = `session=${world.tokens.viewer}`;
  await assertProblem(
    await world.call("POST", "/api/socket/ticket", {
      as: null,
      headers: { cookie, origin: "http://evil.example" },
    }),
    "ORIGIN_FOREIGN",
  );
  const open = (headers: Record<string, string>) =>
    world.call("GET", "/api/socket/with-ticket", {
      as: null,
      headers: { upgrade: "websocket", ...headers },
    });
  assert.equal((await open({})).status, 200);
  await assertProblem(
    await open({ origin: "http://evil.example" }),
    "ORIGIN_FOREIGN",
  );
  await assertProblem(await open({ upgrade: "h2c" }), "REQUEST_MALFORMED");
});

Deno.test("GET /api/socket upgrades a real connection and keeps the answer as it is", async () => {
  const world = createWorld();
  world.options.hub.socket = ({ request }) => {
    const { socket, response } = Deno.upgradeWebSocket(request, {
      protocol: "smc-fleet",
    });
    socket.onopen = () => socket.send("hello");
    return response;
  };
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => world.api(request, { remoteAddress: "127.0.0.1" }),
  );
  const socket = new WebSocket(
    `ws://127.0.0.1:${server.addr.port}/api/socket`,
    // A header is what a program has; the browser's types do not know of it.
    {
      protocols: ["smc-fleet"],
      headers: { authorization: `Bearer ${world.tokens.viewer}` },
    } as unknown as string[],
  );
  const message = await new Promise((resolve, reject) => {
    socket.onmessage = (event) => resolve(event.data);
    socket.onerror = () => reject(new Error("no upgrade"));
  });
  assert.equal(message, "hello");
  assert.equal(socket.protocol, "smc-fleet");
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
});
