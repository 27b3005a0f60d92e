/** The store that several processes share: a KV server in a process of its own. */
import { pause } from "../chaos/client.ts";
import { freePort } from "../support/free_port.ts";
import { KV_CONNECT_TOKEN } from "../support/kv_connect/server.ts";
import { STARTED_POLL_MS, STARTED_WITHIN_MS } from "./limits.ts";

/** A running KV server. */
export interface KvProcess {
  /** `denokv` where `DENOKV` names it or it is on the PATH, else the server of the tests, in memory. */
  kind: "denokv" | "test server";
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** Starts one with its file in `folder`; clients of this process know its token from then on. */
export async function startKvProcess(folder: string): Promise<KvProcess> {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", KV_CONNECT_TOKEN);
  const program = await findDenokv();
  return program === null
    ? await startTestServer()
    : await startDenokv(program, folder);
}

async function findDenokv(): Promise<string | null> {
  const named = Deno.env.get("DENOKV") ?? "";
  if (named !== "") return named;
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = `${folder}/denokv`;
    // deno-lint-ignore no-await-in-loop -- the first one counts
    const info = await Deno.stat(path).catch(() => null);
    if (info?.isFile === true) return path;
  }
  return null;
}

async function startDenokv(
  program: string,
  folder: string,
): Promise<KvProcess> {
  const port = freePort();
  const child = new Deno.Command(program, {
    args: [
      "--sqlite-path",
      `${folder}/shared.sqlite`,
      "serve",
      "--addr",
      `127.0.0.1:${port}`,
      "--access-token",
      KV_CONNECT_TOKEN,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await untilListening(port);
  return {
    kind: "denokv",
    url: `http://127.0.0.1:${port}`,
    port,
    stop: () => end(child),
  };
}

async function startTestServer(): Promise<KvProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--allow-env=DENO_KV_ACCESS_TOKEN",
      new URL("../support/kv_connect/main.ts", import.meta.url).href,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let printed = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    printed += text;
    if (printed.includes("\n")) break;
  }
  const url = printed.trim();
  if (!URL.canParse(url)) throw new Error("The KV server did not start");
  return {
    kind: "test server",
    url,
    port: Number(new URL(url).port),
    stop: () => end(child),
  };
}

async function untilListening(port: number): Promise<void> {
  const givenUpAt = performance.now() + STARTED_WITHIN_MS;
  for (;;) {
    try {
      // deno-lint-ignore no-await-in-loop -- one try after the other
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (performance.now() > givenUpAt) throw error;
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await pause(STARTED_POLL_MS);
  }
}

async function end(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await child.status;
}
