import assert from "node:assert/strict";
import { serverPermissions } from "../../lib/build/permissions.ts";
import { parseEnv } from "../../lib/core/env.ts";
import { startKvConnectServer } from "../support/kv_connect/server.ts";

const ROOT = new URL("../../", import.meta.url);

/** What a process says that opens the store with the permissions of a server. */
async function openBeside(url: string, hosts: string): Promise<string> {
  const variables: Record<string, string> = {
    KV_URL: url,
    KV_HOSTS: hosts,
    EXCHANGE_KEY_SECRET: new Uint8Array(32).toBase64(),
  };
  const permissions = serverPermissions({
    env: parseEnv((name) => variables[name]),
    root: ROOT,
    exchangeHosts: [],
  });
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--quiet",
      ...permissions,
      new URL("kv_hosts_process.ts", import.meta.url).href,
      url,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return text.decode(stdout) || text.decode(stderr);
}

Deno.test("KV_HOSTS lets a server reach data that is not at KV_URL, as that of Deno Deploy; without it the start says which host is missing", async () => {
  const server = startKvConnectServer({ dataHost: "localhost" });
  const { port } = new URL(server.url);
  try {
    const refused = await openBeside(server.url, "");
    assert.match(
      refused,
      new RegExp(`names localhost:${port} for its data.*add it to KV_HOSTS`),
    );
    const opened = await openBeside(server.url, `localhost:${port}`);
    assert.equal(opened, "opened\n");
  } finally {
    await server.close();
  }
});
