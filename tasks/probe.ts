// deno-lint-ignore-file no-console -- prints for who looks at the health of a container
/**
 * `deno task probe`: asks the server on this machine whether it can do its
 * work. Ends with 0 if it can, else with 1 and the reason; for container
 * health checks and scripts.
 *
 * @module
 */
import { readSetting } from "./read_setting.ts";

const DEADLINE_MS = 4_000;

const port = readSetting("PORT", (text) => console.log(text.trimEnd()));
if (port === null) Deno.exit(1);

/** What `GET /api/health/ready` answers. */
interface Ready {
  ready: boolean;
  checks: readonly { name: string; ok: boolean; detail: string }[];
}

async function probe(): Promise<number> {
  const url = `http://127.0.0.1:${port}/api/health/ready`;
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const { ready, checks } = await response.json() as Ready;
    for (const { name, ok, detail } of checks) {
      if (!ok) console.log(`${name}: ${detail}`);
    }
    console.log(ready ? "Ready" : "Not ready");
    return ready ? 0 : 1;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`The server does not answer on port ${port}: ${reason}`);
    return 1;
  }
}

Deno.exit(await probe());
