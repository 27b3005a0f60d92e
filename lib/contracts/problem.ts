import type { FieldError } from "../core/errors.ts";
import type { QuotaName } from "./quota.ts";

/** Every code an API problem can carry, with its title and status. The table in the docs is generated from here. */
export const PROBLEMS = {
  REQUEST_MALFORMED: { status: 400, title: "The request cannot be read" },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    title: "An Idempotency-Key header is needed",
  },
  AUTH_REQUIRED: { status: 401, title: "Log in first" },
  AUTH_INVALID: { status: 401, title: "Wrong e-mail or password" },
  SETUP_TOKEN_INVALID: { status: 401, title: "The setup token is not valid" },
  ORIGIN_FOREIGN: { status: 403, title: "The request comes from another site" },
  ROLE_MISSING: { status: 403, title: "Your role does not allow this" },
  FRESH_PROOF_NEEDED: {
    status: 403,
    title: "A fresh proof of the second factor is needed",
  },
  FACTOR_INVALID: { status: 403, title: "The code is wrong" },
  PROOF_INVALID: { status: 403, title: "The proof of who you are is wrong" },
  SECOND_PERSON_NEEDED: {
    status: 403,
    title: "Somebody else has to release this",
  },
  NOT_FOUND: { status: 404, title: "Not found" },
  AGENT_NOT_FOUND: { status: 404, title: "There is no such agent" },
  BACKTEST_NOT_FOUND: { status: 404, title: "There is no such backtest" },
  RECORDING_NOT_FOUND: {
    status: 404,
    title: "There is no such recording",
  },
  TEAM_NOT_FOUND: { status: 404, title: "There is no such team" },
  TEMPLATE_NOT_FOUND: { status: 404, title: "There is no such template" },
  KEY_NOT_FOUND: { status: 404, title: "There is no such exchange key" },
  EMERGENCY_NOT_FOUND: {
    status: 404,
    title: "There is no such emergency stop",
  },
  HOST_NOT_FOUND: { status: 404, title: "There is no such host" },
  METHOD_NOT_ALLOWED: { status: 405, title: "This method is not offered here" },
  AGENT_STATE_CONFLICT: {
    status: 409,
    title: "The agent's state does not allow this",
  },
  RISK_NOT_ASSESSED: {
    status: 409,
    title: "Only a risk manager assesses the risk of others",
  },
  EMERGENCY_LATCHED: {
    status: 409,
    title: "An emergency stop is in force",
  },
  AGENT_NAME_TAKEN: { status: 409, title: "The name is taken" },
  TEAM_NAME_TAKEN: { status: 409, title: "The team's name is taken" },
  TEAM_STATE_CONFLICT: {
    status: 409,
    title: "The states of the team's agents do not allow this",
  },
  QUOTA_EXCEEDED: { status: 409, title: "There is no room for more" },
  BACKTEST_STATE_CONFLICT: {
    status: 409,
    title: "The backtest's state does not allow this",
  },
  ORDER_STATE_CONFLICT: {
    status: 409,
    title: "The order's state does not allow this",
  },
  TEMPLATE_NAME_TAKEN: { status: 409, title: "The template's name is taken" },
  TEMPLATE_BUILT_IN: {
    status: 409,
    title: "The template is part of the product",
  },
  HOST_NOT_GONE: { status: 409, title: "The host has not ended" },
  IDEMPOTENCY_IN_FLIGHT: {
    status: 409,
    title: "The same request is still running",
  },
  IDEMPOTENCY_OUTCOME_UNKNOWN: {
    status: 409,
    title: "Whether the same request had an effect is unknown",
  },
  SETUP_DONE: { status: 409, title: "The first account exists already" },
  KEY_STATE_CONFLICT: {
    status: 409,
    title: "The exchange key's state does not allow this",
  },
  FACTOR_STATE_CONFLICT: {
    status: 409,
    title: "The second factor's state does not allow this",
  },
  CONFIG_STALE: {
    status: 412,
    title: "The configuration was changed meanwhile",
  },
  BODY_TOO_LARGE: { status: 413, title: "The request is too large" },
  CONFIG_INVALID: { status: 422, title: "The configuration is not valid" },
  BUNDLE_INVALID: { status: 422, title: "The bundle is not valid" },
  BUNDLE_TAMPERED: {
    status: 422,
    title: "The bundle was changed after it was signed",
  },
  BUNDLE_TOO_NEW: {
    status: 422,
    title: "The bundle is of a newer version",
  },
  EVIDENCE_FOREIGN: {
    status: 422,
    title: "The backtest is not one of this configuration",
  },
  EVIDENCE_NOT_FOUND: {
    status: 404,
    title: "The template has no such backtest",
  },
  TEMPLATE_INVALID: { status: 422, title: "The template file is not valid" },
  REQUEST_INVALID: { status: 422, title: "The request is not valid" },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: "The Idempotency-Key was used for another request",
  },
  WARNINGS_UNREAD: { status: 422, title: "The warnings must be acknowledged" },
  IF_MATCH_MISSING: { status: 428, title: "An If-Match header is needed" },
  RATE_LIMITED: { status: 429, title: "Too many requests" },
  LOGIN_DELAYED: { status: 429, title: "Too many failed logins" },
  MAILBOX_FULL: {
    status: 429,
    title: "The agent has too many commands waiting",
  },
  INTERNAL: { status: 500, title: "Something broke on the server" },
  DRAINING: { status: 503, title: "The server is shutting down" },
  EMERGENCY_FILE: {
    status: 503,
    title: "The file of emergency stops cannot be written",
  },
  JOURNAL_UNAVAILABLE: {
    status: 503,
    title: "The disk does not take the desk's journal",
  },
  SECRET_UNREADABLE: {
    status: 503,
    title: "A sealed secret cannot be opened",
  },
  STORE_UNAVAILABLE: { status: 503, title: "The store does not answer" },
  STORE_FENCED: {
    status: 503,
    title: "Others go on with the agents of this host",
  },
  AGENT_UNREACHABLE: { status: 503, title: "The agent does not answer" },
  HOST_UNREACHABLE: { status: 503, title: "The host does not answer" },

  KEY_NOT_BOUND: {
    status: 409,
    title: "The exchange key works from every address",
  },
  KEY_REFUSED: {
    status: 422,
    title: "The exchange key could move money out",
  },
  KEY_NOT_REPLACED: {
    status: 422,
    title: "The new secrets do not take the place of the exchange key's",
  },
  // At the front door, of requests, forms and sockets.
  BODY_TOO_SLOW: { status: 408, title: "The body did not arrive in time" },
  HOST_UNKNOWN: { status: 421, title: "This server has another name" },
  // Ownership and scopes.
  NOT_OWNER: { status: 403, title: "It belongs to somebody else" },
  REFRESH_INVALID: { status: 401, title: "The refresh token is not valid" },
  SCOPE_MISSING: { status: 403, title: "The API token was not made for this" },
  SESSION_NOT_FOUND: { status: 404, title: "There is no such login" },
  TOKEN_NOT_FOUND: { status: 404, title: "There is no such API token" },
  // People and their factors.
  FACTOR_NEEDED: { status: 401, title: "A second factor is needed" },
  PASSKEY_INVALID: { status: 401, title: "The passkey was not accepted" },
  PASSKEY_NOT_FOUND: { status: 404, title: "There is no such passkey" },
  PASSKEY_LIMIT: { status: 409, title: "No further passkey is allowed" },
  INVITE_INVALID: { status: 401, title: "The link is not valid" },
  INVITE_NOT_FOUND: { status: 404, title: "There is no such open link" },
  INVITE_LIMIT: { status: 409, title: "No further person is allowed" },
  USER_NOT_FOUND: { status: 404, title: "There is no such person" },
  USER_EXISTS: { status: 409, title: "The e-mail has an account" },
  USER_SELF: { status: 409, title: "Nobody changes their own access" },
  USER_CHANGED: { status: 409, title: "The account was changed meanwhile" },
  LAST_ADMIN: { status: 409, title: "One admin must remain" },
  // Alerts.
  ALERT_CHANNEL_NOT_FOUND: {
    status: 404,
    title: "There is no such alert channel",
  },
  ALERT_RULE_NOT_FOUND: { status: 404, title: "There is no such alert rule" },
  // The HTTP API.
  DEADLINE_PASSED: { status: 503, title: "The answer took too long" },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

/** RFC 9457 problem details with our members. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Request id. */
  instance: string;
  code: ProblemCode;
  errors?: readonly FieldError[];
  warnings?: readonly FieldError[];
  /** Of QUOTA_EXCEEDED: which one, how much there is, and how much there may be. */
  quota?: QuotaName;
  used?: number;
  limit?: number;
}
