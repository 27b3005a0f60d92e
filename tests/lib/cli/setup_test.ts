import assert from "node:assert/strict";
import { PASSWORD, SETUP_TOKEN } from "../api/fake_ports.ts";
import { createMachine } from "./machine.ts";

Deno.test("setup makes the first account and logs in", async () => {
  await using machine = createMachine();
  machine.io.isInputTerminal = true;
  machine.answers.push(PASSWORD, "different", PASSWORD, PASSWORD);
  const args = ["setup", "--token", SETUP_TOKEN, "--email", "me@example.com"];
  const differ = await machine.run(...args);
  assert.equal(differ.exitCode, 2);
  assert.match(differ.err, /passwords differ/);
  const done = await machine.run(...args);
  assert.equal(done.exitCode, 0, done.err);
  assert.match(done.err, /me@example\.com \(admin\)/);
  assert.equal(machine.files.size, 1);
  assert.match((await machine.run("setup", "--token", "")).err, /Give --token/);
});

Deno.test("setup asks for the token without showing it, so that no list of processes has it", async () => {
  await using machine = createMachine();
  machine.io.isInputTerminal = true;
  const { readSecret } = machine.io;
  const hidden: string[] = [];
  machine.io.readSecret = (prompt) => {
    hidden.push(prompt);
    return readSecret(prompt);
  };
  machine.answers.push(
    ` ${SETUP_TOKEN} `,
    "me@example.com",
    PASSWORD,
    PASSWORD,
  );
  const done = await machine.run("setup");
  assert.equal(done.exitCode, 0, done.err);
  assert.match(done.err, /me@example\.com \(admin\)/);
  assert.deepEqual(hidden, ["Setup token: ", "Password: ", "Password again: "]);
  machine.answers.push("");
  const none = await machine.run("setup");
  assert.deepEqual([none.exitCode, none.out], [2, ""]);
  assert.match(none.err, /No setup token was entered/);
});

Deno.test("setup reads the token and the password from standard input, in this order", async () => {
  await using machine = createMachine();
  const args = ["setup", "--email", "me@example.com"];
  for (const text of ["", SETUP_TOKEN, `\n${PASSWORD}\n`]) {
    machine.input.text = text;
    // deno-lint-ignore no-await-in-loop -- one input after the other
    const short = await machine.run(...args);
    assert.equal(short.exitCode, 2);
    assert.match(short.err, /token in its first line and the password/);
  }
  machine.input.text = `${SETUP_TOKEN}\r\n${PASSWORD}\n`;
  const done = await machine.run(...args);
  assert.equal(done.exitCode, 0, done.err);
  machine.io.isInputTerminal = true;
  const piped = await machine.run(...args, "--password-stdin");
  assert.equal(piped.exitCode, 0, piped.err);
  machine.input.text = `${PASSWORD}\n`;
  const given = ["--token", SETUP_TOKEN, "--password-stdin"];
  assert.equal((await machine.run(...args, ...given)).exitCode, 0);
});
