import type { Problem, ProblemCode } from "../contracts/problem.ts";
import type { QuotaName } from "../contracts/quota.ts";

/** Exit codes; a contract with scripts. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  refused: 5,
  unreachable: 6,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure with the exit code it leads to, and what the person can do next. */
export class CliError extends Error {
  override name = "CliError";
  readonly exitCode: ExitCode;
  readonly next: string | null;
  /** What the server said, where it was the server. */
  readonly problem: Problem | null;

  constructor(
    message: string,
    options: { exitCode: ExitCode; next?: string; problem?: Problem },
  ) {
    super(message);
    this.exitCode = options.exitCode;
    this.next = options.next ?? null;
    this.problem = options.problem ?? null;
  }
}

/** A command that cannot be understood as it was typed. */
export function usageError(message: string, next?: string): CliError {
  return new CliError(message, {
    exitCode: EXIT.usage,
    ...(next === undefined ? {} : { next }),
  });
}

/** A refusal of the server as an error of the command. */
export function problemError(problem: Problem): CliError {
  return new CliError(problem.detail, {
    exitCode: exitCodeOf(problem),
    next: nextStep(problem),
    problem,
  });
}

/** The exit code of a problem. */
export function exitCodeOf(problem: Problem): ExitCode {
  // Both ask a person to decide; neither is a mistyped command.
  if (problem.code === "WARNINGS_UNREAD" || problem.code === "LOGIN_DELAYED") {
    return EXIT.refused;
  }
  switch (problem.status) {
    case 400:
    case 413:
    case 422:
      return EXIT.usage;
    case 401:
    case 403:
      return EXIT.refused;
    case 404:
      return EXIT.notFound;
    case 409:
    case 412:
      return EXIT.conflict;
    default:
      return EXIT.failed;
  }
}

const NEXT_STEPS: Readonly<Partial<Record<ProblemCode, string>>> = {
  AUTH_REQUIRED: "Log in: deno task agent login",
  AUTH_INVALID: "Check e-mail and password, then: deno task agent login",
  LOGIN_DELAYED: "Wait as long as it says, then: deno task agent login",
  SETUP_TOKEN_INVALID:
    "Copy the token from the server's console or from DATA_DIR/setup-token",
  SETUP_DONE: "Log in: deno task agent login",
  FRESH_PROOF_NEEDED:
    "Prove it, then repeat the command: deno task agent factor prove",
  FACTOR_STATE_CONFLICT: "See its state: deno task agent factor",
  ALERT_CHANNEL_NOT_FOUND: "List them: deno task agent alerts list",
  KEY_NOT_FOUND: "List your keys: deno task agent keys",
  ROLE_MISSING:
    "Ask an admin for the role, or log in as somebody who has it: deno task agent login",
  NOT_OWNER: "See what you may do to what: deno task agent whoami",
  AGENT_NOT_FOUND: "List the agents: deno task agent list",
  RECORDING_NOT_FOUND: "List them: deno task agent recordings AGENT",
  AGENT_STATE_CONFLICT: "See the agent's state: deno task agent show AGENT",
  ORDER_STATE_CONFLICT: "See its orders: deno task agent show AGENT",
  EMERGENCY_LATCHED:
    "See the stop: deno task agent halts. Release it: deno task agent release ID",
  EMERGENCY_NOT_FOUND: "List the stops in force: deno task agent halts",
  PROOF_INVALID: "Repeat the command with the password of your own login",
  SECOND_PERSON_NEEDED: "Ask somebody else with the role to release it",
  AGENT_NAME_TAKEN: "Choose another name with --name",
  BACKTEST_NOT_FOUND: "List the backtests: deno task agent backtest list",
  BACKTEST_STATE_CONFLICT:
    "See the backtest's state: deno task agent backtest show ID",
  CONFIG_INVALID: "Correct what is listed above, then repeat the command",
  REQUEST_INVALID: "Correct what is listed above, then repeat the command",
  WARNINGS_UNREAD:
    "Read the warnings, then repeat the command with --acknowledge-warnings",
  RATE_LIMITED: "Wait a few seconds, then repeat the command",
  MAILBOX_FULL: "Wait a few seconds, then repeat the command",
  DRAINING: "Wait until the server is up again, then repeat the command",
  STORE_UNAVAILABLE: "Look at the server's log, then repeat the command",
  HOST_NOT_FOUND: "List the hosts: deno task agent hosts",
  HOST_NOT_GONE: "Drain it first: deno task agent hosts drain ID",
  HOST_UNREACHABLE: "See how the hosts stand: deno task agent hosts",
  AGENT_UNREACHABLE: "See the agent's state: deno task agent show AGENT",
  INTERNAL: "Give the request id to whoever runs the server",
  REFRESH_INVALID: "Log in again: deno task agent login",
  SCOPE_MISSING:
    "Make a token with that scope: deno task agent tokens create NAME --scope S; deno task agent whoami shows what this one is for",
  SESSION_NOT_FOUND: "List your logins: deno task agent sessions",
  TOKEN_NOT_FOUND: "List your tokens: deno task agent tokens",
  FACTOR_NEEDED:
    "Give the code in the second line of standard input, or log in on a terminal",
  USER_NOT_FOUND: "List them: deno task agent users",
  USER_EXISTS: "Change their role instead: deno task agent users role EMAIL",
  INVITE_NOT_FOUND: "List them: deno task agent users links",
  NOT_FOUND: "Check --server: the address may be of another program",
};

const MAKE_ROOM: Readonly<Partial<Record<QuotaName, string>>> = {
  agents: "Delete an agent that is not needed: deno task agent delete AGENT",
  host_agents:
    "Delete an agent that is not needed: deno task agent delete AGENT",
  api_tokens: "Revoke one: deno task agent tokens revoke ID",
  backtests: "Cancel one: deno task agent backtest cancel ID",
  host_backtests: "Cancel one: deno task agent backtest cancel ID",
  exchange_keys: "Revoke one: deno task agent keys revoke KEY",
  templates: "Delete one: deno task agent templates delete NAME",
};

function nextStep(problem: Problem): string {
  const room = problem.quota === undefined
    ? undefined
    : MAKE_ROOM[problem.quota];
  return room ?? NEXT_STEPS[problem.code] ??
    "Read the usage: deno task agent help";
}
