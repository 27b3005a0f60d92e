import assert from "node:assert/strict";
import { createConsole } from "../../../lib/server/console.ts";

/** Runs in a process of its own, because the console writes to the real streams. */
async function output(level: string): Promise<{ out: string; err: string }> {
  const module =
    new URL("../../../lib/server/console.ts", import.meta.url).href;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { createConsole } from "${module}";
       const console = createConsole("${level}");
       console.debug("d"); console.info("i\\nforged line"); console.warning("w");
       console.error("e", new Error("cause"));`,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("createConsole() writes one line a message, at its level and above", async () => {
  const { out, err } = await output("info");
  assert.equal(out, "i ⏎ forged line\n");
  assert.match(err, /^warning: w\nerror: e: Error: cause ⏎ /);
  const quiet = await output("error");
  assert.equal(quiet.out, "");
  assert.match(quiet.err, /^error: e/);
  assert.ok(createConsole("debug"));
});
