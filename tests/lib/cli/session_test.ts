import assert from "node:assert/strict";
import { PASSWORD } from "../api/fake_ports.ts";
import { createMachine, type Machine } from "./machine.ts";

/** Where the login of a server lies. */
function pathOf(server: string): string {
  return `/home/me/.config/smc-fleet/login-${encodeURIComponent(server)}.json`;
}

function savedOf({ files, server }: Machine) {
  const text = files.get(pathOf(server));
  return text === undefined ? null : JSON.parse(text);
}

Deno.test("login asks on a terminal, keeps the login of its server and uses it", async () => {
  await using machine = createMachine();
  delete machine.env["AGENT_TOKEN"];
  machine.io.isInputTerminal = true;
  machine.answers.push("trader@example.com", PASSWORD);
  const login = await machine.run("login");
  assert.equal(login.exitCode, 0, login.err);
  assert.equal(login.out, "");
  assert.match(login.err, /Logged in as trader@example\.com \(trader\)/);
  const { accessToken, refreshToken } = savedOf(machine);
  assert.ok(machine.world.sessions.has(accessToken));
  assert.ok(!login.err.includes(accessToken));
  assert.ok(!login.err.includes(refreshToken));
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
  assert.deepEqual(Object.keys(shown), ["server", "user", "loginEndsAt"]);
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

Deno.test("logout ends the login and forgets it, also when the server is gone", async () => {
  await using machine = createMachine();
  delete machine.env["AGENT_TOKEN"];
  machine.input.text = PASSWORD;
  const login = () => machine.run("login", "--email", "viewer@example.com");
  await login();
  const { accessToken } = savedOf(machine);
  // A token in the environment is not what is logged out.
  machine.env["AGENT_TOKEN"] = machine.world.tokens.admin;
  assert.equal((await machine.run("logout")).exitCode, 0);
  delete machine.env["AGENT_TOKEN"];
  assert.equal(savedOf(machine), null);
  assert.ok(!machine.world.sessions.has(accessToken));
  assert.ok(machine.world.sessions.has(machine.world.tokens.admin));
  assert.match((await machine.run("logout")).err, /not logged in/);

  await login();
  machine.world.sessions.delete(savedOf(machine).accessToken);
  assert.equal((await machine.run("logout")).exitCode, 0);
  assert.equal(savedOf(machine), null);

  await login();
  machine.io.fetch = () => Promise.reject(new TypeError("fetch failed"));
  const gone = await machine.run("logout");
  assert.equal(gone.exitCode, 6);
  assert.match(gone.err, /the server was not told/);
  assert.equal(savedOf(machine), null);
});

Deno.test("the login file follows XDG_CONFIG_HOME, and a broken one is named", async () => {
  await using machine = createMachine();
  delete machine.env["AGENT_TOKEN"];
  machine.env["XDG_CONFIG_HOME"] = "/xdg";
  machine.input.text = PASSWORD;
  await machine.run("login", "--email", "viewer@example.com");
  const [path] = machine.files.keys();
  assert.match(path!, /^\/xdg\/smc-fleet\/login-http.*\.json$/);
  for (const text of ["{", '{"version":1}', '{"version":2,"server":"other"}']) {
    machine.files.set(path!, text);
    // deno-lint-ignore no-await-in-loop -- one file after the other
    const broken = await machine.run("list");
    assert.equal(broken.exitCode, 1);
    assert.match(broken.err, /login-http.*\.json cannot be read/);
  }
});

Deno.test("an access token that has ended is renewed before it is used, and the file written anew", async () => {
  await using machine = createMachine();
  delete machine.env["AGENT_TOKEN"];
  machine.input.text = PASSWORD;
  await machine.run("login", "--email", "viewer@example.com");
  const before = savedOf(machine);
  machine.world.clock.now += 5 * 60_000;
  assert.equal((await machine.run("list")).exitCode, 0);
  const after = savedOf(machine);
  assert.notEqual(after.accessToken, before.accessToken);
  assert.notEqual(after.refreshToken, before.refreshToken);
  // One that the server refuses early, too.
  machine.world.sessions.delete(after.accessToken);
  machine.world.sessions.set(
    after.refreshToken.slice("refresh-of-".length),
    machine.world.sessions.get(machine.world.tokens.viewer)!,
  );
  assert.equal((await machine.run("list")).exitCode, 0);
});

Deno.test("a login that another command has renewed is read anew, and one that has ended is forgotten", async () => {
  await using machine = createMachine();
  delete machine.env["AGENT_TOKEN"];
  machine.input.text = PASSWORD;
  await machine.run("login", "--email", "viewer@example.com");
  const stale = machine.files.get(pathOf(machine.server))!;
  machine.world.clock.now += 5 * 60_000;
  await machine.run("list");
  const renewed = machine.files.get(pathOf(machine.server))!;
  // The other command reads the file before it was renewed, and again after its refusal.
  machine.files.set(pathOf(machine.server), stale);
  const { fetch } = machine.io;
  machine.io.fetch = async (url, init) => {
    const answer = await fetch(url, init);
    if (url.endsWith("/auth/refresh")) {
      machine.files.set(pathOf(machine.server), renewed);
    }
    return answer;
  };
  assert.equal((await machine.run("list")).exitCode, 0);
  machine.io.fetch = fetch;
  machine.files.set(pathOf(machine.server), stale);
  const ended = await machine.run("list");
  assert.equal(ended.exitCode, 5);
  assert.match(ended.err, /deno task agent login/);
  assert.equal(savedOf(machine), null);
});

Deno.test("AGENT_TOKEN is never renewed, and a refresh token is refused there", async () => {
  await using machine = createMachine();
  machine.env["AGENT_TOKEN"] = "wrong";
  assert.equal((await machine.run("list")).exitCode, 5);
  machine.env["AGENT_TOKEN"] = "smr_x";
  const refused = await machine.run("list");
  assert.equal(refused.exitCode, 2);
  assert.match(refused.err, /AGENT_TOKEN is a refresh token/);
});

Deno.test("login hands a code on that standard input has in its second line, or asks for it", async () => {
  await using machine = createMachine();
  const sent: unknown[] = [];
  machine.io.fetch = (_url, init) => {
    sent.push(JSON.parse(String(init.body)).code);
    const problem = {
      type: "about:blank",
      title: "A code is needed",
      status: 401,
      detail: "Send it again with a code",
      instance: "req",
      code: "FACTOR_NEEDED",
    };
    return Promise.resolve(Response.json(problem, {
      status: 401,
      headers: { "content-type": "application/problem+json" },
    }));
  };
  machine.input.text = `${PASSWORD}\n123456\n`;
  const args = ["login", "--email", "viewer@example.com"];
  assert.equal((await machine.run(...args)).exitCode, 5);
  machine.io.isInputTerminal = true;
  machine.answers.push(PASSWORD, " 654321 ");
  await machine.run(...args);
  assert.deepEqual(sent, ["123456", undefined, "654321"]);
});

Deno.test("sessions lists logins, marks this one and ends others", async () => {
  await using machine = createMachine();
  machine.input.text = PASSWORD;
  await machine.run("login", "--email", "admin@example.com");
  const listed = JSON.parse((await machine.run("sessions", "--json")).out);
  assert.equal(listed.length, 2);
  assert.equal(
    listed.filter((one: { isThis: boolean }) => one.isThis).length,
    1,
  );
  assert.match((await machine.run("sessions")).out, /this one/);
  const other = listed.find((one: { isThis: boolean }) => !one.isThis);
  assert.equal((await machine.run("sessions", "revoke", other.id)).exitCode, 0);
  const gone = await machine.run("sessions", "revoke", other.id);
  assert.equal(gone.exitCode, 3);
  assert.match(
    (await machine.run("sessions", "revoke-others")).err,
    /have ended: 0/,
  );
  assert.equal((await machine.run("sessions", "revoke")).exitCode, 2);
  assert.match((await machine.run("sessions", "revok")).err, /revoke/);
  machine.env["AGENT_TOKEN"] = machine.world.tokens.viewer;
  const foreign = await machine.run("sessions", "--user", "usr_admin");
  assert.equal(foreign.exitCode, 5);
});

Deno.test("tokens makes one after a fresh proof, shows it once, lists and revokes it", async () => {
  await using machine = createMachine();
  const create = ["tokens", "create", "ci", "--scope", "agents.read,logs.read"];
  const refused = await machine.run(...create);
  assert.equal(refused.exitCode, 5);
  assert.match(refused.err, /factor prove/);
  machine.world.options.auth.factor.requireProven = () => Promise.resolve();
  const made = await machine.run(...create, "--days", "7");
  assert.equal(made.exitCode, 0, made.err);
  assert.match(made.out, /^smc_\S+\n$/);
  assert.match(made.err, /not shown again/);
  const listed = await machine.run("tokens");
  assert.match(listed.out, /ci.*agents\.read,logs\.read/);
  assert.ok(!listed.out.includes(made.out.trim()));
  assert.equal((await machine.run("tokens", "revoke", "cii")).exitCode, 3);
  assert.equal((await machine.run("tokens", "revoke", "ci")).exitCode, 0);
  assert.equal(
    JSON.parse((await machine.run("tokens", "--json")).out).length,
    0,
  );
  for (
    const wrong of [
      ["--scope", "keys.add"],
      ["--scope", "agents.read", "--days", "0"],
      ["--scope", "agents.read", "--days", "x"],
      [],
    ]
  ) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    const run = await machine.run("tokens", "create", "ci", ...wrong);
    assert.equal(run.exitCode, 2, run.err);
  }
  assert.match((await machine.run("tokens", "scopes")).out, /^agents\.read$/m);
});
