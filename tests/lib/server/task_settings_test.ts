/** Tasks that read a setting or two, as processes with their own permissions and a file `.env`. */
import assert from "node:assert/strict";
import { withTempDir } from "../../support/temp.ts";

const ROOT = new URL("../../../", import.meta.url);
const LINKED = [
  "actors",
  "agents",
  "deno.lock",
  "lib",
  "node_modules",
  "tasks",
];

/** Runs a task in a project that has this file `.env`, with nothing in the environment. */
async function runTask(
  task: string,
  { lines, args = [] }: { lines: string; args?: readonly string[] },
): Promise<{ code: number; text: string }> {
  return await withTempDir(async (folder) => {
    for (const name of LINKED) {
      // deno-lint-ignore no-await-in-loop -- a few links
      await Deno.symlink(new URL(name, ROOT), `${folder}/${name}`);
    }
    const config = await Deno.readTextFile(new URL("deno.json", ROOT));
    await Deno.writeTextFile(`${folder}/deno.json`, config);
    await Deno.writeTextFile(`${folder}/.env`, lines);
    const words: string[] = JSON.parse(config).tasks[task].command.split(" ");
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...words.slice(1), ...args],
      cwd: folder,
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: folder,
        NO_COLOR: "1",
        DENO_DIR: Deno.env.get("DENO_DIR") ??
          `${Deno.env.get("HOME")}/.cache/deno`,
      },
      clearEnv: true,
    }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, text: decode(stdout) + decode(stderr) };
  });
}

Deno.test("deno task probe asks at the port that .env names", async () => {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => Response.json({ ready: true, checks: [] }),
  );
  try {
    const { code, text } = await runTask("probe", {
      lines: `PORT=${server.addr.port}\n`,
    });
    assert.deepEqual([code, text], [0, "Ready\n"]);
  } finally {
    await server.shutdown();
  }
});

for (
  const { task, code } of [
    { task: "probe", code: 1 },
    { task: "ml", code: 2 },
    { task: "backtest", code: 2 },
  ]
) {
  Deno.test(`deno task ${task} reads .env, and says what in it is no setting`, async () => {
    const ended = await runTask(task, {
      lines: "DATA_DIRS=/srv/data\n",
      args: ["--help"],
    });
    assert.equal(ended.code, code, ended.text);
    assert.match(
      ended.text,
      /\.env names DATA_DIRS.*Did you mean "DATA_DIR"\?/,
    );
    const sound = await runTask(task, {
      lines: "DATA_DIR=/srv/data\n",
      args: ["--help"],
    });
    assert.doesNotMatch(sound.text, /\.env/);
  });
}
