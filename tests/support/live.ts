/** Live trading for tests of the whole platform: a second factor, a key of the fake venue, live configurations. */
import * as OTPAuth from "otpauth";
import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import type { ExchangeKeyView } from "../../lib/contracts/exchange_key.ts";
import type {
  EnrolmentResponse,
  RecoveryCodesResponse,
} from "../../lib/contracts/second_factor.ts";
import type { MarketKind } from "../../lib/contracts/venue.ts";
import { TEST_CREDENTIALS } from "../venue/state.ts";
import { TEST_PASSWORD } from "./server.ts";

/** Sends one request and answers with the body; rejects if it was no success. */
export type Send = <T>(
  method: "POST" | "PUT",
  path: string,
  body: unknown,
) => Promise<T>;

/** Environment of a server that trades live at a venue on this machine. */
export function liveEnv(venueUrl: string): Record<string, string> {
  return {
    TRADING_MODE: "live",
    EXCHANGES: "binance",
    EXCHANGE_ENDPOINTS: `binance=${venueUrl}`,
  };
}

/** Sets up a second factor; the login counts as proven for the next minutes. */
export async function enrolFactor(send: Send): Promise<readonly string[]> {
  const { uri } = await send<EnrolmentResponse>(
    "POST",
    "/api/account/second-factor",
    { password: TEST_PASSWORD },
  );
  const totp = OTPAuth.URI.parse(uri);
  if (!(totp instanceof OTPAuth.TOTP)) throw new Error(`No TOTP: ${uri}`);
  const { recoveryCodes } = await send<RecoveryCodesResponse>(
    "POST",
    "/api/account/second-factor/confirm",
    { code: totp.generate() },
  );
  return recoveryCodes;
}

/** Sets up a second factor, adds the venue's key and allows it for live trading; answers with its id. */
export async function addLiveKey(send: Send): Promise<string> {
  await enrolFactor(send);
  return await addKey(send);
}

/** The same of who has proven a second factor. */
export async function addKey(send: Send): Promise<string> {
  const { id } = await send<ExchangeKeyView>("POST", "/api/exchange-keys", {
    label: "fake venue",
    exchange: "binance",
    ...TEST_CREDENTIALS,
  });
  await send("PUT", `/api/exchange-keys/${id}/live`, { allowed: true });
  return id;
}

/** A configuration on the market of the fake venue; live with a key, on paper without. */
export function atVenue(
  config: AgentConfigInput,
  { symbol, market, exchangeKeyId }: {
    symbol: string;
    market: MarketKind;
    exchangeKeyId: string | null;
  },
): AgentConfigInput {
  const { risk, safety } = config;
  return {
    ...config,
    symbol,
    feed: { kind: "exchange", exchange: "binance", market },
    ...(exchangeKeyId === null ? {} : { mode: "live", exchangeKeyId }),
    risk: {
      ...risk,
      initialCapital: "10000",
      leverage: market === "spot" ? 1 : risk.leverage,
    },
    // A minute of this market takes a fraction of a second.
    safety: {
      ...safety,
      maxOrdersPerMinute: 600,
      repeatedEntriesPerMinute: 600,
      maxAccountOrdersPerMinute: 6_000,
      maxAccountMessagesPerMinute: 60_000,
      maxCancelsPerFill: 1_000,
    },
  };
}
