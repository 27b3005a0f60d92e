/** A real server in a process of its own, for tests of the whole platform. */
import { serverPermissions } from "../../lib/build/permissions.ts";
import { serverArguments } from "../../lib/build/server_arguments.ts";
import {
  accessOf,
  allHosts,
  readExchangeHosts,
} from "../../lib/fleet/market_access.ts";
import { ensureBuilt } from "./built.ts";
import { parseEnv } from "../../lib/core/env.ts";
import { freePort } from "./free_port.ts";

const ROOT = new URL("../../", import.meta.url);

/** Password of the first account in tests. */
export const TEST_EMAIL = "owner@example.com";
export const TEST_PASSWORD = "olive lantern quiet harbour";

/** What a test server starts with. */
export interface ServerOptions {
  dataDir: string;
  candlesDir?: string;
  /** 0 lets the system choose; a restart reuses the port of the first run. */
  port?: number;
  env?: Readonly<Record<string, string>>;
  /** File to which Deno writes every permission that is asked for; see permission_audit.ts. */
  auditFile?: string;
}

/** A started server. */
export interface TestServer {
  url: string;
  port: number;
  pid: number;
  /** The permission flags that it was started with. */
  permissions: readonly string[];
  /** Everything it has printed. */
  output(): string;
  /** Ends it by SIGTERM and waits; answers with the exit code. */
  stop(): Promise<number>;
  /** Kills it at once. */
  kill(): Promise<void>;
}

/** Starts `main.ts` with the permissions of `deno task start` and waits until it listens. */
export async function startServer(options: ServerOptions): Promise<TestServer> {
  await ensureBuilt();
  const port = options.port ?? freePort();
  const variables = {
    PORT: String(port),
    HOST: "127.0.0.1",
    DATA_DIR: options.dataDir,
    CANDLES_DIR: options.candlesDir ?? "",
    ...options.env,
  };
  const env = parseEnv((name) => (variables as Record<string, string>)[name]);
  const permissions = serverPermissions({
    env,
    root: ROOT,
    exchangeHosts: allHosts(await readExchangeHosts(accessOf(env), ROOT)),
  });
  const child = new Deno.Command(Deno.execPath(), {
    args: serverArguments({ permissions, root: ROOT }),
    env: {
      ...variables,
      NO_COLOR: "1",
      ...(options.auditFile === undefined
        ? {}
        : { DENO_AUDIT_PERMISSIONS: options.auditFile }),
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let printed = "";
  const listening = Promise.withResolvers<void>();
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      printed += text;
      if (/Listening on http/.test(printed)) listening.resolve();
    }
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  void child.status.then((status) =>
    listening.reject(
      new Error(`The server ended with code ${status.code}:\n${printed}`),
    )
  );
  await listening.promise;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    permissions,
    output: () => printed,
    async stop() {
      child.kill("SIGTERM");
      const { code } = await child.status;
      await reading;
      return code;
    },
    async kill() {
      child.kill("SIGKILL");
      await child.status;
      await reading;
    },
  };
}

/** The one-time token that the server wrote for its first user. */
export async function readSetupToken(dataDir: string): Promise<string> {
  return (await Deno.readTextFile(`${dataDir}/setup-token`)).trim();
}
