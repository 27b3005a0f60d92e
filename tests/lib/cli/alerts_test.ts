import assert from "node:assert/strict";
import { createMachine } from "./machine.ts";

Deno.test("agent alerts lists channels, and sends a test by name", async () => {
  await using machine = createMachine();
  const none = await machine.run("alerts");
  assert.equal(none.exitCode, 0);
  assert.match(none.err, /no alert channel/);
  const { id } = JSON.parse((await machine.run("whoami", "--json")).out).user;
  await machine.world.options.alerts.addChannel(
    { kind: "webhook", name: "main", url: "https://hooks.example.com/canary" },
    { userId: id, email: "a@example.com", via: "api" },
  );
  const sent = await machine.run("alerts", "test", "MAIN");
  assert.equal(sent.exitCode, 0, sent.err);
  assert.match(sent.out, /main was delivered/);
  const list = await machine.run("alerts", "list");
  assert.match(list.out, /main\twebhook\thttps:\/\/hooks\.example\.com\tok/);
  assert.doesNotMatch(list.out, /canary/);
});

Deno.test("agent alerts says what it lacks", async () => {
  await using machine = createMachine();
  const cases: readonly [string[], RegExp, number][] = [
    [["alerts", "test"], /needs a channel/, 2],
    [["alerts", "tset"], /cannot tset.*test/, 2],
    [["alerts", "test", "main"], /no alert channel "main"/, 3],
  ];
  for (const [argv, expected, exitCode] of cases) {
    const run = await machine.run(...argv);
    assert.match(run.err, expected);
    assert.equal(run.exitCode, exitCode, argv.join(" "));
  }
});
