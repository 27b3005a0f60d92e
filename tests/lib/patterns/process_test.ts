import assert from "node:assert/strict";

const ROOT = new URL("../../../", import.meta.url);
const FIXTURES = new URL("tests/fixtures/", ROOT).pathname;
const decoder = new TextDecoder();

/** Runs `deno task smc` from another folder, as a person would. */
function smc(args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "task",
      "--quiet",
      "--config",
      new URL("deno.json", ROOT).pathname,
      "smc",
      ...args,
    ],
    // The task changes into the project: a name is meant from here all the same.
    cwd: FIXTURES,
    // Where this test itself runs within a task, that one's folder is named here.
    env: { INIT_CWD: FIXTURES },
    stdout: "piped",
    stderr: "piped",
  });
}

const FVG = [
  "--candles",
  "simulated-btcusdt-15m.csv",
  "--indicator",
  "fvg",
];

Deno.test("deno task smc prints CSV with its own permissions, and ends with its exit codes", async () => {
  const done = await smc(FVG).output();
  assert.equal(done.code, 0, decoder.decode(done.stderr));
  const lines = decoder.decode(done.stdout).split("\n");
  assert.equal(lines[0], "FVG,Top,Bottom,MitigatedIndex");
  assert.equal(lines.length, 3_002);
  const refused = await smc([...FVG, "--set", "colour=red"]).output();
  assert.equal(refused.code, 2);
  assert.match(decoder.decode(refused.stderr), /^--set colour: /);
});

Deno.test("deno task smc ends quietly when nobody reads on", async () => {
  const child = smc(FVG).spawn();
  await child.stdout.cancel();
  const { code } = await child.status;
  assert.equal(await new Response(child.stderr).text(), "");
  assert.equal(code, 0);
});
