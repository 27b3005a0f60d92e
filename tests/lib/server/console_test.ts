import assert from "node:assert/strict";
import { createConsole } from "../../../lib/server/console.ts";

/** Runs in a process of its own, because the console writes to the real streams. */
async function output(
  level: string,
  format = "text",
): Promise<{ out: string; err: string }> {
  const module =
    new URL("../../../lib/server/console.ts", import.meta.url).href;
  const errors = new URL("../../../lib/core/errors.ts", import.meta.url).href;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { createConsole } from "${module}";
       import { AppError } from "${errors}";
       const console = createConsole("${level}", "${format}");
       console.debug("d"); console.info("i\\nforged line"); console.warning("w");
       console.error("e", new Error("cause"));
       console.notice("n");
       console.offer("open /setup?token=abc");
       console.with({ component: "api", requestId: "req_1" })
         .error("agt_01K3Z0000000000000000000AB token=hunter2", new AppError("AGENT_NOT_FOUND", "none"));`,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("createConsole() writes one line a message, at its level and above", async () => {
  const { out, err } = await output("info");
  assert.equal(out, "i ⏎ forged line\nopen /setup?token=abc\n");
  assert.match(err, /^warning: w\nerror: e: Error: cause ⏎ /);
  const quiet = await output("error");
  assert.equal(quiet.out, "");
  assert.match(quiet.err, /^error: e/);
  assert.ok(createConsole("debug"));
});

Deno.test("createConsole() writes one JSON object a line, with what the line belongs to and no secret", async () => {
  const { out, err } = await output("debug", "json");
  const lines = [out, err].flatMap((text) =>
    text.trimEnd().split("\n").map((line) => JSON.parse(line))
  );
  for (const { time } of lines) {
    assert.match(time, /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
  }
  const bare = lines.map(({ time: _, ...line }) => line);
  const component = "server";
  assert.deepEqual(bare.slice(0, 4), [
    { level: "debug", component, message: "d" },
    { level: "info", component, message: "i ⏎ forged line" },
    { level: "info", component, message: "open /setup?token=abc" },
    { level: "warning", component, message: "w" },
  ]);
  const [broken, notice, refused] = bare.slice(4);
  assert.match(broken!.message, /^e: Error: cause ⏎ /);
  assert.deepEqual(notice, { level: "info", component, message: "n" });
  const { message, ...fields } = refused!;
  assert.deepEqual(fields, {
    level: "error",
    component: "api",
    agentId: "agt_01K3Z0000000000000000000AB",
    code: "AGENT_NOT_FOUND",
    requestId: "req_1",
  });
  assert.match(message, /token=\*\*\* AppError: none/);
});
