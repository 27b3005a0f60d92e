import assert from "node:assert/strict";
import { parseLine } from "../../../lib/store/audit/lines.ts";
import { inZone } from "../../support/in_zone.ts";
import { createMachine } from "./machine.ts";

Deno.test("audit lists entries newest first, filters them, and gives JSON", async () => {
  await using machine = createMachine();
  const all = await machine.run("audit");
  assert.equal(all.exitCode, 0);
  const [head, first] = all.out.split("\n");
  assert.match(head!, /^TIME\tWHO\tVIA\tACTION\tTARGET\tOUTCOME\tWHY\tENTRY$/);
  assert.match(first!, /commands\/5$/);
  const some = await machine.run("audit", "--action", "agent.", "--json");
  assert.deepEqual(
    JSON.parse(some.out).map(({ action }: { action: string }) => action),
    ["agent.config"],
  );
  const none = await machine.run("audit", "--actor", "nobody");
  assert.equal(none.exitCode, 0);
  assert.match(none.err, /No entry/);
});

Deno.test("audit --since and --until take days whole, times without zone as UTC, and spans", async () => {
  await using machine = createMachine();
  const { fetch } = machine.io;
  let asked = new URL(machine.server);
  machine.io.fetch = (url, init) => {
    asked = new URL(url);
    return fetch(url, init);
  };
  const rangeOf = async (since: string, until: string) => {
    const words = ["--since", since, "--until", until];
    const { exitCode, err } = await machine.run("audit", ...words);
    assert.equal(exitCode, 0, err);
    return ["from", "to"].map((name) => Number(asked.searchParams.get(name)));
  };
  await inZone("America/New_York", async () => {
    // The end that is sent is the first moment that is not in it.
    assert.deepEqual(await rangeOf("2026-09-01", "2026-09-02"), [
      Date.UTC(2026, 8, 1),
      Date.UTC(2026, 8, 3),
    ]);
    assert.deepEqual(
      await rangeOf("2026-09-01T06:00", "2026-09-01T12:00:00Z"),
      [Date.UTC(2026, 8, 1, 6), Date.UTC(2026, 8, 1, 12) + 1],
    );
    const { now } = machine.world.clock;
    assert.deepEqual(await rangeOf("2h", "1h"), [
      now - 2 * 3_600_000,
      now - 3_600_000 + 1,
    ]);
  });
});

Deno.test("audit verify says what the server knows, with exit code 1 for a broken chain", async () => {
  await using machine = createMachine();
  const whole = await machine.run("audit", "verify");
  assert.deepEqual([whole.exitCode, whole.out], [0, "The chain is whole\n"]);
  const { auditTrail } = machine.world.options;
  const check = auditTrail.check();
  auditTrail.check = () => ({
    ...check,
    ok: false,
    detail: "The chain is broken: entry 7",
  });
  const broken = await machine.run("audit", "verify");
  assert.deepEqual(
    [broken.exitCode, broken.out],
    [1, "The chain is broken: entry 7\n"],
  );
});

Deno.test("audit export writes the lines as they come, and wrong words are told apart", async () => {
  await using machine = createMachine();
  const { bytes } = await machine.run("audit", "export");
  const lines = new TextDecoder().decode(bytes).trimEnd().split("\n");
  assert.ok(lines.every((line) => parseLine(line).kind === "record"));
  const wrong = await machine.run("audit", "verfy");
  assert.equal(wrong.exitCode, 2);
  assert.match(wrong.err, /verify/);
  const since = await machine.run("audit", "--since", "lately");
  assert.equal(since.exitCode, 2);
  machine.env["AGENT_TOKEN"] = machine.world.tokens.operator;
  assert.equal((await machine.run("audit")).exitCode, 5);
});
