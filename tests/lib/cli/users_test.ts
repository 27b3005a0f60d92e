import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import type { PersonView } from "../../../lib/contracts/people.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { PASSWORD } from "../api/fake_ports.ts";
import { createMachine, type Machine } from "./machine.ts";

const BEN: PersonView = {
  id: `usr_${"0".repeat(26)}`,
  email: "ben@example.com",
  role: "viewer",
  status: "active",
  createdAt: "2026-09-01T00:00:00.000Z",
  hasFactor: false,
};

/** Puts somebody besides the admin there. */
function withBen(machine: Machine): PersonView[] {
  const people = [BEN];
  Object.assign(machine.world.options.auth.people, {
    page: () => Promise.resolve({ items: people, nextCursor: null }),
    change: (_id: string, change: Partial<PersonView>) => {
      people[0] = { ...people[0]!, ...change };
      return Promise.resolve(people[0]);
    },
  });
  return people;
}

Deno.test("agent users lists people and changes them after a proof by password, asked for on a terminal", async () => {
  await using machine = createMachine();
  withBen(machine);
  assert.match(
    (await machine.run("users")).out,
    /ben@example.com\tviewer\tactive\tnone/,
  );
  const change = ["users", "role", "BEN@example.com", "--role", "trader"];
  const refused = await machine.run(...change);
  assert.equal(refused.exitCode, 5);
  assert.match(refused.err, /FRESH_PROOF_NEEDED/);
  machine.io.isInputTerminal = true;
  machine.answers.push(PASSWORD);
  const changed = await machine.run(...change);
  assert.equal(changed.exitCode, 0, changed.err);
  assert.match(changed.out, /ben@example.com: trader, active/);
  const disabled = await machine.run("users", "disable", BEN.id);
  assert.match(disabled.out, /trader, disabled/);
});

Deno.test("agent users invite prints the link alone, and says what it lacks", async () => {
  await using machine = createMachine();
  withBen(machine);
  machine.input.text = `${PASSWORD}\n`;
  assert.equal((await machine.run("factor", "prove")).exitCode, 0);
  const made = await machine.run(
    ...["users", "invite", "cyd@example.com", "--role", "risk"],
  );
  assert.equal(
    made.out,
    `${machine.server}/invite#token=token-of-the-link&for=cyd%40example.com\n`,
  );
  assert.match(made.err, /once/);
  const cases: readonly [string[], RegExp, number][] = [
    [["users", "invite"], /needs an e-mail/, 2],
    [["users", "invite", "cyd@example.com"], /--role trader/, 2],
    [["users", "invite", "cyd", "--role", "risk"], /e-mail address/, 2],
    [["users", "invite", "c@x.com", "--role", "king"], /viewer, operator/, 2],
    [["users", "disabel", "x"], /cannot disabel.*disable/, 2],
    [["users", "disable", "bne@example.com"], /nobody.*ben@example.com/, 3],
    [["users", "revoke", "inv_x"], /no such link/, 3],
  ];
  for (const [argv, expected, exitCode] of cases) {
    const run = await machine.run(...argv);
    assert.match(run.err, expected, argv.join(" "));
    assert.equal(run.exitCode, exitCode, argv.join(" "));
  }
});

Deno.test("agent passwd reads the new password and says that other logins end", async () => {
  await using machine = createMachine();
  machine.io.isInputTerminal = true;
  machine.answers.push("one two three four", "one two three five");
  assert.match((await machine.run("passwd")).err, /differ/);
  machine.answers.push("one two three four", "one two three four", PASSWORD);
  const changed = await machine.run("passwd");
  assert.equal(changed.exitCode, 0, changed.err);
  assert.match(changed.err, /other login of yours has ended/);
});

Deno.test("agent login asks for the code of a second factor, and takes it from a second line", async () => {
  await using machine = createMachine();
  const { auth } = machine.world.options;
  const { loginProgram } = auth;
  Object.assign(auth, {
    loginProgram: async (request: Parameters<typeof loginProgram>[0]) => {
      if (request.code === undefined) {
        throw new AppError(
          "FACTOR_NEEDED",
          "The password is right; send it again with a code",
        );
      }
      assert.equal(request.code, "123456");
      const session = await loginProgram(request, {
        userAgent: "",
        address: "192.0.2.1",
      });
      return { ...session, recoveryCodesLeft: 2 };
    },
  });
  const argv = ["login", "--email", "trader@example.com"];
  machine.input.text = `${PASSWORD}\n`;
  const refused = await machine.run(...argv);
  assert.equal(refused.exitCode, 5);
  assert.match(refused.err, /second line of standard input/);
  machine.input.text = `${PASSWORD}\n123456\n`;
  const piped = await machine.run(...argv);
  assert.equal(piped.exitCode, 0, piped.err);
  assert.match(piped.err, /2 are left/);
  machine.io.isInputTerminal = true;
  machine.answers.push(PASSWORD, "123456");
  const asked = await machine.run(...argv);
  assert.equal(asked.exitCode, 0, asked.err);
  assert.match(asked.err, /Code of your authenticator/);
});

Deno.test("agent factor prove takes a code of who has an authenticator", async () => {
  await using machine = createMachine();
  machine.input.text = "any password\n";
  const { secret } = JSON.parse(
    (await machine.run("factor", "enrol", "--json")).out,
  );
  const totp = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) });
  const code = () => totp.generate({ timestamp: machine.world.clock.now });
  machine.input.text = `${code()}\n`;
  await machine.run("factor", "confirm");
  machine.world.clock.now += 60_000;
  machine.input.text = `${code()}\n`;
  assert.match((await machine.run("factor", "prove")).err, /Proven until/);
});
