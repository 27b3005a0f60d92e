/** Bodies of requests that drawing alone would hardly ever make. */
import { TEAM_TEMPLATES } from "../../../agents/mod.ts";
import { LEVERS, RELEASE_WORD } from "../../../lib/contracts/emergency.ts";
import { agentConfig } from "../config.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../server.ts";
import type { Known } from "./endpoints.ts";
import type { Draw } from "./random.ts";

/** Bodies that pass every check, which drawing alone would hardly ever make. */
export function goodBody(
  path: string,
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
