import { withBearer } from "../../support/with_bearer.ts";
import assert from "node:assert/strict";
import { createApi } from "../../../lib/api/api.ts";
import { createLiveHub } from "../../../lib/live/hub.ts";
import { runCli } from "../../../lib/cli/mod.ts";
import { CLIENT, EMAIL, PASSWORD, setUp, withAuth } from "../auth/support.ts";
import { BASE, createWorld } from "./world.ts";
import { createMachine } from "../cli/machine.ts";
import { json, LOGIN } from "./logins_world.ts";

Deno.test("a revoked login's socket and stream are closed, that of others stay", () =>
  withAuth(async (setup) => {
    const { store, time } = setup;
    const world = createWorld();
    const hub = createLiveHub({
      events: store.events,
      time,
      // Nothing to read, so that nobody counts as stuck while time leaps.
      heartbeatMs: 3_600_000,
    });
    const cookie = await setUp(setup);
    const api = createApi({
      ...world.options,
      auth: setup.auth,
      hub,
      now: () => time.nowMs(),
    });
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => api(request, { remoteAddress: "127.0.0.1" }),
    );
    const url = `127.0.0.1:${server.addr.port}`;
    const login = () => setup.auth.loginProgram(LOGIN, CLIENT);
    const [ended, going] = [await login(), await login()];
    const open = async (token: string) => {
      const socket = new WebSocket(
        `ws://${url}/api/socket?topics=agent:update`,
        withBearer(token),
      );
      const closed = new Promise<CloseEvent>((resolve) => {
        socket.onclose = resolve;
      });
      await new Promise((resolve) => socket.onmessage = resolve);
      return { socket, closed };
    };
    const sockets = [
      await open(ended.accessToken),
      await open(going.accessToken),
    ] as const;
    const stream = await fetch(`http://${url}/api/stream`, {
      headers: { authorization: `Bearer ${ended.accessToken}` },
    });
    // The token of five minutes has ended long ago; the login has not.
    time.advance(6 * 60_000);
    assert.equal(sockets[0].socket.readyState, WebSocket.OPEN);
    // Another process ends the login: the hub finds out by itself.
    const { items } = await json(
      await api(
        new Request(`${BASE}/api/sessions`, {
          headers: { cookie: `session=${cookie}` },
        }),
        { remoteAddress: "127.0.0.1" },
      ),
    );
    const programs = items.filter(({ kind }: { kind: string }) =>
      kind === "program"
    ).map(({ id }: { id: string }) => id).toSorted();
    await store.sessions.remove([programs[0]!], null);
    for (let second = 0; second < 60; second++) time.advance(1_000);
    const { code, reason } = await sockets[0].closed;
    assert.equal(code, 4401);
    assert.match(reason, /log in again/);
    const text = await stream.text();
    assert.match(text, /The login has ended/);
    assert.equal(sockets[1].socket.readyState, WebSocket.OPEN);
    // This process ends one, and tells the hub at once.
    await setup.auth.sessions.revoke(programs[1]!, {
      userId: "usr",
      email: EMAIL,
      via: "api",
    });
    hub.recheck(going.user.id);
    assert.equal((await sockets[1].closed).code, 4401);
    await hub.close("The test ends");
  }));

Deno.test("two commands at once that must renew one login both go on with it", () =>
  withAuth(async (setup) => {
    await setUp(setup);
    await using machine = createMachine();
    const { world, io, server, env } = machine;
    delete env["AGENT_TOKEN"];
    const api = createApi({
      ...world.options,
      auth: setup.auth,
      now: () => setup.time.nowMs(),
    });
    io.fetch = async (url, init) =>
      await api(new Request(url, init), { remoteAddress: "127.0.0.1" });
    io.now = () => setup.time.nowMs();
    machine.input.text = PASSWORD;
    assert.equal((await machine.run("login", "--email", EMAIL)).exitCode, 0);
    for (let round = 0; round < 3; round++) {
      setup.time.advance(6 * 60_000);
      // deno-lint-ignore no-await-in-loop -- rounds follow each other
      const codes = await Promise.all(
        [1, 2, 3].map(() => runCli(["list", "--server", server], io)),
      );
      assert.deepEqual(codes, [0, 0, 0]);
    }
  }));
