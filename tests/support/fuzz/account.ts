/** The account that a fuzz test asks as, and what it leaves in its way. */
import * as OTPAuth from "otpauth";
import type {
  EmergencyResponse,
  StopView,
} from "../../../lib/contracts/emergency.ts";
import type { ProgramLogin, SessionView } from "../../../lib/contracts/auth.ts";
import type { PersonView } from "../../../lib/contracts/people.ts";
import type { RecoveryCodesResponse } from "../../../lib/contracts/second_factor.ts";
import { RELEASE_WORD } from "../../../lib/contracts/emergency.ts";
import { type TestApi } from "../api.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../server.ts";
import { type Cast, prepareCast } from "./cast.ts";
import type { FuzzRequest, Known } from "./endpoints.ts";

/** Logins besides the one that asks: they may be ended. */
const SPARE_LOGINS = 6;

/** What the account has that no list tells. */
export interface Secrets {
  refreshTokens: readonly string[];
  recoveryCodes: readonly string[];
  cast: Cast;
}

/**
 * Makes logins that may be ended, and proves a second factor for the login that
 * asks. The proof counts for five minutes, so what takes one gets through, and
 * a stop can be released whatever wrong passwords were tried meanwhile.
 */
export async function prepareAccount(
  api: TestApi,
  url: string,
): Promise<Secrets> {
  const refreshTokens: string[] = [];
  for (let n = 0; n < SPARE_LOGINS; n++) {
    // deno-lint-ignore no-await-in-loop -- one login after the other
    const login = await api.send<ProgramLogin>("POST", "/api/auth/token", {
      email: TEST_EMAIL,
      password: TEST_PASSWORD,
    });
    refreshTokens.push(login.refreshToken);
  }
  const path = "/api/account/second-factor";
  const { secret } = await api.send<{ secret: string }>("POST", path, {
    password: TEST_PASSWORD,
  });
  const totp = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) });
  const { recoveryCodes } = await api.send<RecoveryCodesResponse>(
    "POST",
    `${path}/confirm`,
    { code: totp.generate() },
  );
  return { refreshTokens, recoveryCodes, cast: await prepareCast(api, url) };
}

/** What there is now. The login that asks is left out: it must not end itself. */
export async function look(api: TestApi, secrets: Secrets): Promise<Known> {
  const ids = async (path: string, key: "id" | "name") =>
    (await api.get<{ items: Record<string, string>[] }>(path)).items
      .map((item) => item[key]!);
  await secrets.cast.goOn();
  const [sessions, stops] = await Promise.all([
    api.get<{ items: SessionView[] }>("/api/sessions"),
    api.get<EmergencyResponse>("/api/emergency"),
  ]);
  return {
    ...secrets,
    agents: await ids("/api/agents?fields=id", "id"),
    teams: await ids("/api/teams", "id"),
    backtests: await ids("/api/backtests", "id"),
    templates: await ids("/api/templates", "name"),
    sessions: sessions.items.filter(({ isThis }) => !isThis)
      .map(({ id }) => id),
    tokens: await ids("/api/tokens", "id"),
    users: (await api.get<{ items: PersonView[] }>("/api/users?limit=200"))
      .items.filter((person) => secrets.cast.isSpare(person))
      .map(({ id }) => id),
    invites: await ids("/api/invites", "id"),
    exchangeKeys: await ids("/api/exchange-keys", "id"),
    passkeys: await secrets.cast.passkeys(),
    stops: [...stops.latches, ...stops.released].map(({ id }) => id),
  };
}

/**
 * Releases a stop that would keep the rest of the run from spawning or starting
 * anything. Those of one agent hold until they are released by chance.
 */
export async function releaseIfWide(
  api: TestApi,
  { endpoint }: FuzzRequest,
  answer: { status: number; text: string },
): Promise<void> {
  const isStop = endpoint.method === "POST" &&
    endpoint.path === "/api/emergency" && answer.status === 202;
  if (!isStop) return;
  const { stop }: { stop: StopView } = JSON.parse(answer.text);
  if (stop.scope.kind === "agent") return;
  await api.send("POST", `/api/emergency/${stop.id}/release`, {
    reason: "The test goes on",
    confirm: RELEASE_WORD,
  });
}
