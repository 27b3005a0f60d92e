import assert from "node:assert/strict";
import { quotaExceeded } from "../../../lib/contracts/quota.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { type ProblemCode, PROBLEMS } from "../../../lib/contracts/problem.ts";
import { exitCodeOf } from "../../../lib/cli/errors.ts";
import { UNKNOWN_ID } from "../api/world.ts";
import { createMachine } from "./machine.ts";

const EXPECTED: Readonly<Record<ProblemCode, number>> = {
  REQUEST_MALFORMED: 2,
  IDEMPOTENCY_KEY_MISSING: 2,
  AUTH_REQUIRED: 5,
  AUTH_INVALID: 5,
  SETUP_TOKEN_INVALID: 5,
  ORIGIN_FOREIGN: 5,
  ROLE_MISSING: 5,
  NOT_OWNER: 5,
  SCOPE_MISSING: 5,
  FRESH_PROOF_NEEDED: 5,
  FACTOR_INVALID: 5,
  KEY_NOT_FOUND: 3,
  ALERT_CHANNEL_NOT_FOUND: 3,
  ALERT_RULE_NOT_FOUND: 3,
  KEY_STATE_CONFLICT: 4,
  KEY_NOT_BOUND: 4,
  KEY_REFUSED: 2,
  KEY_NOT_REPLACED: 2,
  FACTOR_STATE_CONFLICT: 4,
  NOT_FOUND: 3,
  AGENT_NOT_FOUND: 3,
  BACKTEST_NOT_FOUND: 3,
  RECORDING_NOT_FOUND: 3,
  TEMPLATE_NOT_FOUND: 3,
  TEAM_NOT_FOUND: 3,
  HOST_NOT_FOUND: 3,
  HOST_NOT_GONE: 4,
  METHOD_NOT_ALLOWED: 1,
  AGENT_STATE_CONFLICT: 4,
  ORDER_STATE_CONFLICT: 4,
  TEAM_STATE_CONFLICT: 4,
  TEAM_NAME_TAKEN: 4,
  RISK_NOT_ASSESSED: 4,
  AGENT_NAME_TAKEN: 4,
  QUOTA_EXCEEDED: 4,
  BACKTEST_STATE_CONFLICT: 4,
  TEMPLATE_NAME_TAKEN: 4,
  TEMPLATE_BUILT_IN: 4,
  IDEMPOTENCY_IN_FLIGHT: 4,
  IDEMPOTENCY_OUTCOME_UNKNOWN: 4,
  SETUP_DONE: 4,
  CONFIG_STALE: 4,
  BODY_TOO_LARGE: 2,
  CONFIG_INVALID: 2,
  TEMPLATE_INVALID: 2,
  BUNDLE_INVALID: 2,
  BUNDLE_TAMPERED: 2,
  BUNDLE_TOO_NEW: 2,
  EVIDENCE_FOREIGN: 2,
  EVIDENCE_NOT_FOUND: 3,
  REQUEST_INVALID: 2,
  IDEMPOTENCY_KEY_REUSED: 2,
  WARNINGS_UNREAD: 5,
  IF_MATCH_MISSING: 1,
  RATE_LIMITED: 1,
  LOGIN_DELAYED: 5,
  MAILBOX_FULL: 1,
  INTERNAL: 1,
  DRAINING: 1,
  JOURNAL_UNAVAILABLE: 1,
  SECRET_UNREADABLE: 1,
  STORE_UNAVAILABLE: 1,
  PROOF_INVALID: 5,
  SECOND_PERSON_NEEDED: 5,
  EMERGENCY_NOT_FOUND: 3,
  EMERGENCY_LATCHED: 4,
  EMERGENCY_FILE: 1,
  AGENT_UNREACHABLE: 1,
  HOST_UNREACHABLE: 1,
  STORE_FENCED: 1,
  BODY_TOO_SLOW: 1,
  HOST_UNKNOWN: 1,
  REFRESH_INVALID: 5,
  SESSION_NOT_FOUND: 3,
  TOKEN_NOT_FOUND: 3,
  FACTOR_NEEDED: 5,
  PASSKEY_INVALID: 5,
  PASSKEY_NOT_FOUND: 3,
  PASSKEY_LIMIT: 4,
  INVITE_INVALID: 5,
  INVITE_NOT_FOUND: 3,
  INVITE_LIMIT: 4,
  USER_NOT_FOUND: 3,
  USER_EXISTS: 4,
  USER_SELF: 4,
  USER_CHANGED: 4,
  LAST_ADMIN: 4,
  DEADLINE_PASSED: 1,
};

Deno.test("exitCodeOf maps every problem code", () => {
  for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
    const { status, title } = PROBLEMS[code];
    const problem = { type: "", title, status, detail: "", instance: "", code };
    assert.equal(exitCodeOf(problem), EXPECTED[code], code);
  }
});

Deno.test("a refusal of the server prints title, detail, code, request id and next step", async () => {
  await using machine = createMachine();
  const { world } = machine;
  const { id } = world.fleet.add({ name: "alpha" });
  for (
    const [error, exitCode, next] of [
      [
        new AppError("AGENT_STATE_CONFLICT", "It is stopped already"),
        4,
        /agent show/,
      ],
      [
        quotaExceeded({ quota: "agents", used: 10, limit: 10 }),
        4,
        /agent delete/,
      ],
      [
        new AppError("MAILBOX_FULL", "64 commands wait"),
        1,
        /Wait a few seconds/,
      ],
      [new Error("secret words"), 1, /whoever runs the server/],
    ] as const
  ) {
    world.fleet.failure = error;
    const run = await machine.run("pause", id);
    assert.equal(run.exitCode, exitCode);
    assert.equal(run.out, "");
    const lines = run.err.trimEnd().split("\n");
    const code = error instanceof AppError
      ? error.code as ProblemCode
      : "INTERNAL";
    assert.ok(lines[0]!.startsWith(`error: ${PROBLEMS[code].title}: `));
    assert.match(
      lines[1]!,
      new RegExp(`^  code ${code}, request req_[0-9A-Z]{26}$`),
    );
    assert.match(lines[2]!, next);
    assert.doesNotMatch(run.err, /secret words/);
  }
});

Deno.test("exit codes: 2 for what the server finds wrong, 3 for an unknown id, 4 for a taken name", async () => {
  await using machine = createMachine();
  assert.equal((await machine.run("show", UNKNOWN_ID)).exitCode, 3);
  const state = await machine.run("list", "--state", "runing");
  assert.equal(state.exitCode, 2);
  assert.match(state.err, /error in state: Unknown state "runing"/);
  const spawn = [
    "spawn",
    "--template",
    "smc-order-block",
    "--name",
    "mine",
  ];
  const wrong = await machine.run(...spawn, "--timeframe", "7m");
  assert.equal(wrong.exitCode, 2);
  assert.match(wrong.err, /error in timeframe: Choose a timeframe/);
  assert.equal((await machine.run(...spawn)).exitCode, 0);
  const taken = await machine.run(...spawn);
  assert.equal(taken.exitCode, 4);
  assert.match(taken.err, /Choose another name with --name/);
  const template = await machine.run("spawn", "--template", "x", "--name", "y");
  assert.equal(template.exitCode, 3);
});

Deno.test("exit code 5: no login, wrong token, too small a role", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add();
  machine.env["AGENT_TOKEN"] = machine.world.tokens.viewer;
  const role = await machine.run("stop", id);
  assert.equal(role.exitCode, 5);
  assert.match(role.err, /needs the role operator/);
  machine.env["AGENT_TOKEN"] = "wrong";
  assert.equal((await machine.run("list")).exitCode, 5);
  delete machine.env["AGENT_TOKEN"];
  const none = await machine.run("list");
  assert.equal(none.exitCode, 5);
  assert.match(none.err, /Log in: deno task agent login/);
});

Deno.test("exit code 6: one sentence and how to start the server", async () => {
  await using machine = createMachine();
  const gone = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = gone.addr;
  gone.close();
  const run = await machine.run("list", "--server", `http://127.0.0.1:${port}`);
  assert.equal(run.exitCode, 6);
  assert.match(
    run.err,
    /^error: Cannot reach the server at http:\/\/127\.0\.0\.1:\d+: nothing listens there\n {2}Start it: deno task start/,
  );
  const several = await machine.run(
    "--server",
    `http://127.0.0.1:${port}`,
    "stop",
    UNKNOWN_ID,
    UNKNOWN_ID,
  );
  assert.equal(several.exitCode, 6);
  assert.equal(several.err.match(/Cannot reach/g)!.length, 1);
});

Deno.test("a server that is no fleet is named as such, and is not followed elsewhere", async () => {
  await using machine = createMachine();
  machine.io.fetch = () =>
    Promise.resolve(new Response("<html>", { status: 502 }));
  const strange = await machine.run("list");
  assert.equal(strange.exitCode, 1);
  assert.match(strange.err, /answered 502 without saying why/);
  let redirect: RequestRedirect | undefined;
  machine.io.fetch = (_url, init) => {
    redirect = init.redirect;
    return Promise.resolve(
      new Response(null, { status: 302, headers: { location: "http://evil" } }),
    );
  };
  assert.equal((await machine.run("list")).exitCode, 1);
  assert.equal(redirect, "manual");
});

Deno.test("--server and API_BASE_URL must be http addresses, with or without /api", async () => {
  await using machine = createMachine();
  for (const bad of ["localhost:3001", "ftp://x", "http://u:p@x", "nonsense"]) {
    const run = await machine.run("list", "--server", bad);
    assert.equal(run.exitCode, 2, bad);
    assert.match(run.err, /--server is/);
  }
  machine.env["API_BASE_URL"] = "nonsense";
  assert.match((await machine.run("list")).err, /API_BASE_URL is "nonsense"/);
  for (const good of [machine.server, `${machine.server}/api/`]) {
    assert.equal((await machine.run("list", "--server", good)).exitCode, 0);
    assert.equal((await machine.run("--server", good, "list")).exitCode, 0);
  }
});
