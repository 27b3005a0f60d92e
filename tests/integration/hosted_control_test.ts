import assert from "node:assert/strict";
import { EXIT_CODES } from "../../lib/core/exit_codes.ts";
import { ensureBuilt } from "../support/built.ts";
import { setUpWith } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { freePort } from "../support/free_port.ts";
import {
  KV_CONNECT_TOKEN,
  startKvConnectServer,
} from "../support/kv_connect/server.ts";

const ROOT = new URL("../../", import.meta.url);

/** Starts a control process that may write nothing and make no worker, and waits until it listens. */
async function startControl(kvUrl: string) {
  await ensureBuilt();
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--cached-only",
      "--node-modules-dir=manual",
      "--no-prompt",
      `--allow-net=127.0.0.1:${port},${new URL(kvUrl).host}`,
      `--allow-read=${decodeURIComponent(ROOT.pathname)}`,
      "--allow-env",
      "--preload",
      new URL("../support/without_workers.ts", import.meta.url).href,
      new URL("main.ts", ROOT).href,
    ],
    clearEnv: true,
    env: {
      NO_COLOR: "1",
      PORT: String(port),
      FLEET_ROLE: "control",
      DATA_DIR: "none",
      KV_URL: kvUrl,
      DENO_KV_ACCESS_TOKEN: KV_CONNECT_TOKEN,
      EXCHANGE_KEY_SECRET: btoa("k".repeat(32)),
      PATH: Deno.env.get("PATH") ?? "",
      HOME: Deno.env.get("HOME") ?? "",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let printed = "";
  const isOffered = Promise.withResolvers<void>();
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      printed += text;
      if (/setup\?token=\S+\n/.test(printed)) isOffered.resolve();
    }
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  void child.status.then(({ code }) =>
    isOffered.reject(new Error(`It ended with code ${code}:\n${printed}`))
  );
  await isOffered.promise;
  return {
    url: `http://127.0.0.1:${port}`,
    token: /setup\?token=(\S+)\n/.exec(printed)![1]!,
    output: () => printed,
    async stop() {
      child.kill("SIGTERM");
      const { code } = await child.status;
      await reading;
      return code;
    },
  };
}

Deno.test("FLEET_ROLE=control with DATA_DIR=none serves panel and API without a worker, a file or a host", async () => {
  const kv = startKvConnectServer();
  const control = await startControl(kv.url);
  try {
    const api = await setUpWith(control, control.token);
    const agents = await api.get<{ items: unknown[] }>("/api/agents");
    assert.deepEqual(agents.items, []);
    const config = agentConfig({ name: "Nobody runs me" });
    const spawned = api.send("POST", "/api/agents/spawn", {
      config,
      acknowledgeWarnings: true,
    });
    await assert.rejects(spawned, /HOST_UNREACHABLE/);
    const ready = await fetch(`${control.url}/api/health/ready`);
    assert.equal(ready.status, 200, await ready.text());
    const login = await fetch(`${control.url}/login`);
    assert.match(await login.text(), /data-testid="login-submit"/);
    const again = await fetch(`${control.url}/setup?token=${control.token}`, {
      redirect: "manual",
    });
    await again.body?.cancel();
    assert.notEqual(again.status, 200, "the setup page is gone");
  } finally {
    assert.equal(await control.stop(), EXIT_CODES.ok, control.output());
    await kv.close();
  }
  assert.doesNotMatch(control.output(), /REFUSED|error/i);
});
