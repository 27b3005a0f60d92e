import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import { createMachine, type Machine } from "./machine.ts";

async function enrol(machine: Machine): Promise<string> {
  machine.input.text = "any password\n";
  const { secret } = JSON.parse(
    (await machine.run("factor", "enrol", "--json")).out,
  );
  const code = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) })
    .generate({ timestamp: machine.world.clock.now });
  machine.input.text = `${code}\n`;
  const confirmed = await machine.run("factor", "confirm");
  assert.equal(confirmed.exitCode, 0, confirmed.err);
  return confirmed.out;
}

Deno.test("agent keys add reads a key from standard input and shows only its end", async () => {
  await using machine = createMachine();
  machine.input.text = "canary-api-key-1234\ncanary-secret\n";
  const refused = await machine.run(
    ...["keys", "add", "--exchange", "binance", "--label", "main"],
  );
  assert.equal(refused.exitCode, 5);
  assert.match(refused.err, /FRESH_PROOF_NEEDED/);
  const codes = await enrol(machine);
  assert.equal(codes.trim().split("\n").length, 10);
  machine.input.text = "canary-api-key-1234\ncanary-secret\n";
  const added = await machine.run(
    ...["keys", "add", "--exchange", "binance", "--label", "main"],
  );
  assert.equal(added.exitCode, 0, added.err);
  assert.match(added.out, /main \(binance …1234\): verified/);
  assert(!(added.out + added.err).includes("canary"));
  const allowed = await machine.run("keys", "allow-live", "MAIN");
  assert.match(allowed.out, /allowed for live trading/);
  const list = await machine.run("keys");
  assert.match(list.out, /main\tbinance\t…1234\tverified\tallowed/);
  const revoked = await machine.run("keys", "revoke", "main");
  assert.equal(revoked.exitCode, 0);
});

Deno.test("agent keys says what it lacks", async () => {
  await using machine = createMachine();
  const cases: readonly [string[], RegExp, number][] = [
    [["keys", "add", "--label", "main"], /--exchange binance/, 2],
    [["keys", "test"], /needs a key/, 2],
    [["keys", "tset", "main"], /cannot tset.*test/, 2],
    [["keys", "test", "main"], /no exchange key "main"/, 3],
    [["factor", "prov"], /cannot prov.*prove/, 2],
  ];
  for (const [argv, expected, exitCode] of cases) {
    const run = await machine.run(...argv);
    assert.match(run.err, expected);
    assert.equal(run.exitCode, exitCode, argv.join(" "));
  }
});

Deno.test("agent factor tells its state and proves by a recovery code", async () => {
  await using machine = createMachine();
  assert.match((await machine.run("factor")).out, /no second factor/);
  const [code] = (await enrol(machine)).split("\n");
  machine.world.clock.now += 5 * 60_000;
  assert.match((await machine.run("factor")).out, /no fresh proof/);
  machine.input.text = `${code}\n`;
  assert.match((await machine.run("factor", "prove")).err, /Proven until/);
  assert.match((await machine.run("factor")).out, /9 recovery codes are left/);
});
