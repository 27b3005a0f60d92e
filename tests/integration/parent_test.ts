import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { startSupervised } from "../chaos/supervised_server.ts";
import { logIn, setUp } from "../support/api.ts";
import { tirelessConfig } from "../support/config.ts";
import { freePort } from "../support/free_port.ts";
import { withTempDir } from "../support/temp.ts";

const isListening = (times: number) => (output: string) =>
  output.split("Listening on http").length > times;

Deno.test("parent starts a host killed by SIGKILL again, agents run again, and Ctrl-C ends both", async () => {
  await withTempDir(async (dataDir) => {
    const server = await startSupervised({
      dataDir,
      port: freePort(),
      env: { SIMULATION_SPEED: "6000" },
    });
    await server.printed(isListening(1));
    const api = await setUp(server, dataDir);
    const agent = await api.send<AgentView>("POST", "/api/agents/spawn", {
      config: tirelessConfig("survivor"),
      acknowledgeWarnings: true,
    });
    const before = await api.waitForAgent(
      agent.id,
      ({ account }) => (account?.trades ?? 0) >= 1,
    );
    const lock = parseInt(await Deno.readTextFile(`${dataDir}/lock`), 10);
    assert.equal(lock, server.hostPid());
    server.killHost();
    await server.printed(isListening(2));
    const after = await (await logIn(server)).waitForAgent(
      agent.id,
      ({ observed, epoch }) => observed === "running" && epoch > before.epoch,
    );
    assert.ok(after.account!.trades >= before.account!.trades);
    assert.match(
      server.output(),
      /The host process ended \(signal SIGKILL: .*\); starting again in 0\.0\d+ s \(restart 1/,
    );
    // On a terminal Ctrl-C reaches both processes.
    server.signalParent("SIGINT");
    Deno.kill(server.hostPid(), "SIGINT");
    assert.equal((await server.ended).code, 0);
    assert.equal(server.hosts(), 2);
    assert.throws(
      () => Deno.kill(server.hostPid(), "SIGCONT"),
      Deno.errors.NotFound,
    );
    await assert.rejects(fetch(`${server.url}/api/health/live`));
  });
});

Deno.test("parent does not start a host again whose configuration, port or data folder cannot be used", async () => {
  await withTempDir(async (dataDir) => {
    const wrong = startSupervised({
      dataDir,
      port: freePort(),
      env: { LOG_LEVEL: "loud" },
    });
    await assert.rejects(wrong, /code 78[^]*LOG_LEVEL must be one of/);

    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const taken = await startSupervised({ dataDir, port: listener.addr.port });
    assert.equal((await taken.ended).code, 69);
    listener.close();
    assert.equal(taken.hosts(), 1);
    assert.match(taken.output(), /Cannot start: the port is in use/);

    await Deno.writeTextFile(`${dataDir}/file`, "");
    const unusable = await startSupervised({
      dataDir: `${dataDir}/file`,
      port: freePort(),
    });
    assert.equal((await unusable.ended).code, 69);
    assert.equal(unusable.hosts(), 1);
  });
});

Deno.test("parent gives up a host that dies at every start, and says what to do", async () => {
  await withTempDir(async (dataDir) => {
    await Deno.writeTextFile(
      `${dataDir}/store.sqlite`,
      "no database ".repeat(999),
    );
    const server = await startSupervised({
      dataDir,
      port: freePort(),
      env: { HOST_RESTARTS_MAX: "1" },
    });
    assert.equal((await server.ended).code, 1);
    assert.equal(server.hosts(), 2);
    assert.match(
      server.output(),
      /started again 1 time within 5 minutes .*The data is safe.*deno task restore/,
    );
  });
});

Deno.test("host drains itself when its parent is killed by SIGKILL, so that the next start is free", async () => {
  await withTempDir(async (dataDir) => {
    const port = freePort();
    const first = await startSupervised({ dataDir, port });
    await first.printed(isListening(1));
    first.signalParent("SIGKILL");
    // The host holds the same pipe: it ends with the host.
    await first.ended;
    assert.match(first.output(), /The parent process has ended: stopping/);
    assert.match(first.output(), /Stopped\n/);
    const second = await startSupervised({ dataDir, port });
    await second.printed(isListening(1));
    second.signalParent("SIGTERM");
    assert.equal((await second.ended).code, 0);
  });
});
