import assert from "node:assert/strict";
import { PASSWORD, SETUP_TOKEN } from "../api/fake_ports.ts";
import { createMachine } from "./machine.ts";

const PATH = "/home/me/.config/smc-fleet/token.json";

Deno.test("login asks on a terminal, saves the token for its server and uses it", async () => {
  await using machine = createMachine();
  delete machine.env["AGENT_TOKEN"];
  machine.io.isInputTerminal = true;
  machine.answers.push("trader@example.com", PASSWORD);
  const login = await machine.run("login");
  assert.equal(login.exitCode, 0, login.err);
  assert.equal(login.out, "");
  assert.match(login.err, /Logged in as trader@example\.com \(trader\)/);
  const file = JSON.parse(machine.files.get(PATH)!);
  const { token } = file.servers[machine.server];
  assert.ok(machine.world.sessions.has(token));
  assert.ok(!login.err.includes(token));
  assert.equal((await machine.run("list")).exitCode, 0);

  let sent: unknown;
  machine.io.fetch = (_url, init) => {
    sent = new Headers(init.headers).get("authorization");
    return Promise.reject(new TypeError("refused"));
  };
  await machine.run("list", "--server", "http://other.example");
  assert.equal(sent, null, "a token goes only to the server that gave it");
});

Deno.test("login reads the password from standard input where it is no terminal", async () => {
  await using machine = createMachine();
  machine.input.text = `${PASSWORD}\nmore`;
  const args = ["login", "--email", "viewer@example.com"];
  assert.equal((await machine.run(...args)).exitCode, 0);
  machine.io.isInputTerminal = true;
  const piped = await machine.run(...args, "--password-stdin", "--json");
  assert.equal(piped.exitCode, 0);
  const shown = JSON.parse(piped.out);
  assert.equal(shown.user.role, "viewer");
  assert.equal(shown.token, undefined);
  assert.match(piped.err, /AGENT_TOKEN is set/);
});

Deno.test("login fails clearly: no e-mail, no password, wrong password, delayed", async () => {
  await using machine = createMachine();
  assert.match((await machine.run("login")).err, /Give --email/);
  const args = ["login", "--email", "viewer@example.com"];
  const empty = await machine.run(...args);
  assert.equal(empty.exitCode, 2);
  assert.match(empty.err, /no password/);
  machine.input.text = "wrong";
  const wrong = await machine.run(...args);
  assert.equal(wrong.exitCode, 5);
  assert.match(wrong.err, /Wrong e-mail or password/);
  const delayed = await machine.run("login", "--email", "slow@example.com");
  assert.equal(delayed.exitCode, 5);
  assert.match(delayed.err, /Wait 8 s/);
  assert.equal(machine.files.size, 0);
});

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
  assert.ok(machine.files.has(PATH));
  assert.match((await machine.run("setup")).err, /Give --token/);
});

Deno.test("logout ends the session and forgets the token, also when the server is gone", async () => {
  await using machine = createMachine();
  delete machine.env["AGENT_TOKEN"];
  machine.input.text = PASSWORD;
  const login = () => machine.run("login", "--email", "viewer@example.com");
  const servers = () => JSON.parse(machine.files.get(PATH)!).servers;
  await login();
  const { token } = servers()[machine.server];
  assert.equal((await machine.run("logout")).exitCode, 0);
  assert.deepEqual(servers(), {});
  assert.ok(!machine.world.sessions.has(token));
  assert.match((await machine.run("logout")).err, /not logged in/);

  await login();
  machine.world.sessions.delete(servers()[machine.server].token);
  assert.equal((await machine.run("logout")).exitCode, 0);
  assert.deepEqual(servers(), {});

  await login();
  machine.io.fetch = () => Promise.reject(new TypeError("fetch failed"));
  const gone = await machine.run("logout");
  assert.equal(gone.exitCode, 6);
  assert.match(gone.err, /the server was not told/);
  assert.deepEqual(servers(), {});
});

Deno.test("the token file follows XDG_CONFIG_HOME, and a broken one is named", async () => {
  await using machine = createMachine();
  delete machine.env["AGENT_TOKEN"];
  machine.env["XDG_CONFIG_HOME"] = "/xdg";
  machine.input.text = PASSWORD;
  await machine.run("login", "--email", "viewer@example.com");
  assert.ok(machine.files.has("/xdg/smc-fleet/token.json"));
  machine.files.set("/xdg/smc-fleet/token.json", "{");
  const broken = await machine.run("list");
  assert.equal(broken.exitCode, 1);
  assert.match(broken.err, /token\.json cannot be read/);
});
