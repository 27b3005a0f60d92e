/**
 * README and docs walked by the letter: every command of their shell blocks is
 * typed into a shell, in an empty folder, with an empty home, against a server
 * that has just been set up.
 *
 * @module
 */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { type Step, WALK } from "../support/docs/walk.ts";
import { writeReplayFile } from "../support/replay_file.ts";
import {
  readSetupToken,
  startServer,
  TEST_PASSWORD,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);
const CANDLES = 1_500;

/** A clean machine with the project, Deno and some candles. */
interface Machine {
  folder: string;
  env: Record<string, string>;
}

Deno.test("every command of README and docs works as it stands there", () =>
  withTempDir(async (folder) => {
    const dataDir = `${folder}/data`;
    const server = await startServer({ dataDir, env: { EXCHANGES: "none" } });
    let isRunning = true;
    try {
      const machine = await setUpMachine(folder, server.url);
      const failures: string[] = [];
      for (const step of WALK) {
        if (step.needs !== undefined && isRunning) {
          // deno-lint-ignore no-await-in-loop -- in the order of the walk
          await server.stop();
          isRunning = false;
        }
        if (step.needs === "emptyData") machine.env["DATA_DIR"] += "-empty";
        // deno-lint-ignore no-await-in-loop -- in the order of the walk
        const failure = await walk(machine, step);
        if (failure !== null) failures.push(failure);
      }
      assert.deepEqual(failures, []);
    } finally {
      if (isRunning) await server.stop();
    }
  }));

/** A home, a shell that finds Deno, the first account, and files that the texts speak of. */
async function setUpMachine(folder: string, url: string): Promise<Machine> {
  for (const path of ["bin", "home/Downloads", "mnt/backups", "mnt/ship"]) {
    // deno-lint-ignore no-await-in-loop -- a few folders
    await Deno.mkdir(`${folder}/${path}`, { recursive: true });
  }
  // The project is elsewhere; from its folder `deno task` finds it by itself.
  await Deno.writeTextFile(
    `${folder}/bin/deno`,
    `#!/bin/sh\nshift\nexec "${Deno.execPath()}" task --quiet --config="${ROOT}deno.json" "$@"\n`,
    { mode: 0o755 },
  );
  await writeReplayFile(folder, CANDLES);
  const csv = `${folder}/my.csv`;
  await Deno.rename(`${folder}/simulated-btcusdt-15m.csv`, csv);
  await Deno.copyFile(csv, `${folder}/home/Downloads/Binance_BTCUSDT_1h.csv`);
  const packed = gzipSync(await Deno.readFile(csv));
  await Deno.writeFile(`${folder}/my.csv.gz`, packed);
  await Deno.writeFile(`${folder}/data/candles/my.csv.gz`, packed);
  await createAccount(url, await readSetupToken(`${folder}/data`));
  return {
    folder,
    env: {
      PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
      HOME: `${folder}/home`,
      DENO_DIR: Deno.env.get("DENO_DIR") ??
        `${Deno.env.get("HOME")}/.cache/deno`,
      DATA_DIR: `${folder}/data`,
      API_BASE_URL: `${url}/api`,
      NO_COLOR: "1",
    },
  };
}

async function createAccount(url: string, token: string): Promise<void> {
  const response = await fetch(`${url}/api/auth/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      token,
      email: "you@example.com",
      password: TEST_PASSWORD,
    }),
  });
  assert.ok(response.ok, await response.text());
}

/** Types one command; answers with what went wrong. */
async function walk(machine: Machine, step: Step): Promise<string | null> {
  const { folder, env } = machine;
  if (step.command.includes("/mnt/ship/")) {
    await Deno.copyFile(
      `${folder}/data/audit/checkpoints.jsonl`,
      `${folder}/mnt/ship/checkpoints.jsonl`,
    );
  }
  const typed = (step.typed ?? step.command)
    .replaceAll(" /mnt/", ` ${folder}/mnt/`)
    .replaceAll(" /project/", ` ${ROOT}`);
  const { code, text } = await type(typed, { folder, env, step });
  const isRight = step.until !== undefined ||
    code === 0 && (step.prints?.test(text) ?? true);
  return isRight ? null : `${step.command}\n  ended with ${code}: ${text}`;
}

async function type(
  typed: string,
  { folder, env, step }: {
    folder: string;
    env: Record<string, string>;
    step: Step;
  },
): Promise<{ code: number; text: string }> {
  const child = new Deno.Command("sh", {
    args: ["-c", step.until === undefined ? typed : `exec ${typed}`],
    cwd: folder,
    env,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(step.input ?? "")).catch(
    () => {},
  );
  await writer.close().catch(() => {});
  let text = "";
  let isEnded = false;
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (step.until?.test(text) && !isEnded) {
        isEnded = true;
        child.kill("SIGTERM");
      }
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  const { code } = await child.status;
  return { code, text };
}
