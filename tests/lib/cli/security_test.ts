import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import { factorNeeded } from "../../../lib/auth/refusals.ts";
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
  machine.input.text = "canary-new-key-9876\ncanary-new-secret\n";
  const rotated = await machine.run("keys", "rotate", "main");
  assert.match(rotated.out, /main \(binance …9876\): verified, allowed/);
  assert.match(rotated.err, /delete it at the exchange/);
  assert(!(rotated.out + rotated.err).includes("canary"));
  const revoked = await machine.run("keys", "revoke", "main");
  assert.equal(revoked.exitCode, 0);
});

Deno.test("agent keys says what it lacks", async () => {
  await using machine = createMachine();
  const cases: readonly [string[], RegExp, number][] = [
    [["keys", "add", "--label", "main"], /--exchange binance/, 2],
    [["keys", "test"], /needs a key/, 2],
    [["keys", "rotate", "main"], /no exchange key "main"/, 3],
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

Deno.test("agent keys add asks for the code on a terminal and goes on", async () => {
  await using machine = createMachine();
  const [code] = (await enrol(machine)).split("\n");
  machine.world.clock.now += 5 * 60_000;
  machine.io.isInputTerminal = true;
  machine.answers.push("canary-api-key-1234", "canary-secret", "", code!);
  const added = await machine.run(
    ...["keys", "add", "--exchange", "binance", "--label", "main"],
  );
  assert.equal(added.exitCode, 0, added.err);
  assert.match(added.err, /fresh proof/);
  assert.match(added.out, /main \(binance …1234\): verified/);
});

Deno.test("agent spawn --mode live wants a key, the name and a proof, and asks on a terminal", async () => {
  await using machine = createMachine();
  const [code] = (await enrol(machine)).split("\n");
  machine.input.text = "canary-api-key-1234\ncanary-secret\n";
  await machine.run(
    ...["keys", "add", "--exchange", "binance", "--label", "main"],
  );
  machine.world.clock.now += 5 * 60_000;
  const template = machine.world.fleet.templates()[0]!.name;
  const spawn = (...more: string[]) =>
    machine.run(
      ...["spawn", "--template", template, "--name", "btc"],
      ...["--feed", "exchange", "--exchange", "binance", ...more],
    );
  const wrong = await spawn("--mode", "real");
  assert.match(wrong.err, /choose paper or live/);
  assert.match((await spawn("--key", "main")).err, /add --mode live/);
  const live = ["--mode", "live", "--key"] as const;
  const unknown = await spawn(...live, "mian");
  assert.equal(unknown.exitCode, 3);
  assert.match(unknown.err, /no exchange key "mian".*main/);
  const unconfirmed = await spawn(...live, "main");
  assert.equal(unconfirmed.exitCode, 2);
  assert.match(unconfirmed.err, /--confirm "btc"/);
  const unproven = await spawn(...live, "main", "--confirm", "btc");
  assert.equal(unproven.exitCode, 5);
  assert.match(unproven.err, /factor prove/);
  machine.io.isInputTerminal = true;
  machine.answers.push("btc", code!);
  const spawned = await spawn(...live, "MAIN");
  assert.equal(spawned.exitCode, 0, spawned.err);
  assert.match(spawned.err, /REAL money/);
  assert.match(spawned.err, /\(BTC\/USDT \w+, live\)/);
});

Deno.test("who has passkeys only is told how to use the command line, and is asked for no password in vain", async () => {
  await using machine = createMachine();
  const { auth } = machine.world.options;
  auth.login = () => Promise.reject(factorNeeded({ takesCode: false }));
  auth.factor.view = () =>
    Promise.resolve({
      isEnrolled: false,
      passkeys: 1,
      recoveryCodesLeft: 0,
      freshUntil: null,
    });
  machine.input.text = "any password\n";
  const login = await machine.run("login", "--email", "admin@example.com");
  assert.equal(login.exitCode, 5);
  assert.match(login.err, /your only second factor is a passkey/);
  assert.match(
    login.err,
    /API token at http\S+\/settings\/tokens.*AGENT_TOKEN/,
  );
  assert.match(login.err, /authenticator at http\S+\/settings\/second-factor/);
  const state = await machine.run("factor");
  assert.match(state.out, /second factor is a passkey, which needs a browser/);
  machine.input.text = "RELEASE\nany password\n";
  for (
    const argv of [
      ["factor", "prove"],
      ["release", "stop_1", "--reason", "looked at it"],
    ]
  ) {
    // deno-lint-ignore no-await-in-loop -- one command after the other
    const run = await machine.run(...argv);
    assert.equal(run.exitCode, 5, run.err);
    assert.match(run.err, /passkey, which needs a browser/);
  }
});
