/** Bodies of requests that drawing alone would hardly ever make. */
import { TEAM_TEMPLATES } from "../../../agents/mod.ts";
import { LEVERS, RELEASE_WORD } from "../../../lib/contracts/emergency.ts";
import { agentConfig } from "../config.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../server.ts";
import { ROLES } from "../../../lib/contracts/policy.ts";
import type { Endpoint, Known } from "./endpoints.ts";
import type { Draw } from "./random.ts";

/** Bodies that pass every check, which drawing alone would hardly ever make. */
export function goodBody(
  { method, path }: Pick<Endpoint, "method" | "path">,
  { draw, known }: { draw: Draw; known: Known },
): unknown {
  const config = agentConfig({ name: `fuzz ${draw.below(1_000)}` });
  switch (path) {
    case "/api/agents/spawn":
    case "/api/agents/validate":
      return { config, acknowledgeWarnings: true };
    case "/api/agents/{id}/config":
      return { config };
    case "/api/backtests":
      return {
        config,
        data: { kind: "simulated", candles: 100, seed: draw.below(100) },
        monteCarloRuns: 0,
        randomEntryRuns: 0,
        lookAheadCheck: false,
      };
    case "/api/teams/spawn":
    case "/api/teams/validate":
      return {
        name: `t${draw.below(100)}`,
        template: draw.pick(TEAM_TEMPLATES).name,
        ...(path.endsWith("spawn") ? { acknowledgeWarnings: true } : {}),
      };
    case "/api/auth/token":
      return {
        email: TEST_EMAIL,
        password: TEST_PASSWORD,
        code: draw.pick(known.recoveryCodes),
      };
    case "/api/auth/refresh":
      return { refreshToken: draw.pick(known.refreshTokens) };
    case "/api/emergency":
    case "/api/emergency/drill":
      return {
        lever: draw.pick(LEVERS),
        scope: { kind: "agent", id: draw.pick([...known.agents, "agt_0"]) },
      };
    case "/api/emergency/{id}/release":
      return { reason: "fuzz", confirm: RELEASE_WORD };
    default:
      return accountBody(`${method} ${path}`, { draw, known });
  }
}

/** The same about people, passwords, second factors and keys. */
function accountBody(
  endpoint: string,
  { draw, known: { cast } }: { draw: Draw; known: Known },
): unknown {
  const { login, second, inviteTokens } = cast;
  const password = second.password;
  switch (endpoint) {
    case "POST /api/auth/login":
      return login;
    case "POST /api/auth/passkey":
      return { credential: second.sign(second.loginChallenge, draw) };
    case "POST /api/auth/invite":
      return {
        token: draw.pick([...inviteTokens.slice(-2), "used"]),
        password: login.password,
      };
    case "POST /api/account/second-factor":
      return { password };
    case "POST /api/account/second-factor/confirm":
    case "POST /api/account/second-factor/remove":
      return { code: second.code(draw) };
    case "POST /api/account/step-up":
      return draw.pick([
        { password },
        { code: second.code(draw) },
        { passkey: second.sign(second.proofChallenge, draw) },
      ]);
    case "POST /api/account/passkeys":
      return { name: "fuzz", credential: second.make() };
    case "PUT /api/account/passkeys/{passkey}":
      return { name: `passkey ${draw.below(100)}` };
    case "POST /api/account/password":
      return { newPassword: `${draw.below(1e6)} quiet lantern olive harbour` };
    case "POST /api/users":
      return { email: `p${draw.below(1e6)}@example.com`, role: "viewer" };
    case "PUT /api/users/{user}":
      return draw.pick([
        { role: draw.pick(ROLES) },
        { status: draw.pick(["active", "disabled"]) },
      ]);
    case "POST /api/users/{user}/reset-link":
      return { removesFactor: draw.chance(0.5) };
    case "POST /api/auth/setup":
      return { token: "used up", ...login };
    case "POST /api/exchange-keys":
      return {
        label: `key ${draw.below(1e6)}`,
        // No server of it is reached: nobody is asked, so the key stays unverified.
        exchange: "unreachable",
        apiKey: "fuzz-api-key",
        secret: "fuzz-secret",
      };
    case "POST /api/exchange-keys/{key}/rotate":
      return { apiKey: "fuzz-api-key", secret: "fuzz-secret" };
    case "PUT /api/exchange-keys/{key}/live":
      return { allowed: draw.chance(0.5) };
    default:
      return undefined;
  }
}

/** A backtest that was drawn must not keep the machine busy for minutes. */
export function bounded(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const data = (value as Record<string, unknown>)["data"];
  if (typeof data !== "object" || data === null || !("candles" in data)) {
    return value;
  }
  return {
    ...value,
    data: {
      ...data,
      candles: typeof data.candles === "number"
        ? Math.min(data.candles, 200)
        : data.candles,
    },
    study: { kind: "single" },
  };
}
