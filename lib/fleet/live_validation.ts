/**
 * What live trading needs beyond the schema: a process that is armed, a market
 * that is real, and a key that can trade and can move no money out.
 *
 * @module
 */
import type { ConfigWarning } from "../contracts/agent.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import type { StoredExchangeKey } from "../contracts/exchange_key.ts";
import type { AgentEntry } from "./registry.ts";

/** What the checks need to know. */
export interface LiveContext {
  ownerId: string;
  /** Every other agent of this installation. */
  others: readonly AgentEntry[];
  isLiveArmed: boolean;
  findExchangeKey(id: string): StoredExchangeKey | null;
}

/** Why this configuration cannot trade live, or cannot have a key; nothing for one on paper without. */
export function findLiveErrors(
  config: AgentConfig,
  context: LiveContext,
): ConfigWarning[] {
  if (config.mode === "paper") {
    return config.exchangeKeyId === undefined ? [] : [{
      pointer: "/exchangeKeyId",
      code: "KEY_UNUSED",
      detail: "An agent on paper uses no exchange key; remove it",
    }];
  }
  return [
    ...findProcessErrors(context),
    ...findMarketErrors(config),
    ...findKeyErrors(config, context),
  ];
}

function findProcessErrors({ isLiveArmed }: LiveContext): ConfigWarning[] {
  return isLiveArmed ? [] : [{
    pointer: "/mode",
    code: "LIVE_UNAVAILABLE",
    detail:
      "This server trades on paper only; choose paper, or start it with TRADING_MODE=live",
  }];
}

function findMarketErrors(config: AgentConfig): ConfigWarning[] {
  const errors: ConfigWarning[] = [];
  const { feed, risk } = config;
  if (feed.kind !== "exchange") {
    errors.push({
      pointer: "/feed",
      code: "LIVE_MARKET_NEEDED",
      detail:
        "Live trading needs the market of an exchange; a simulated or replayed one is paper only",
    });
  } else if (feed.market === "spot" && risk.leverage > 1) {
    errors.push({
      pointer: "/risk/leverage",
      code: "LEVERAGE_UNAVAILABLE",
      detail:
        `A spot market has no leverage, was ${risk.leverage}; set it to 1, or choose the perpetual (market swap)`,
    });
  }
  return errors;
}

function findKeyErrors(
  config: AgentConfig,
  { ownerId, others, findExchangeKey }: LiveContext,
): ConfigWarning[] {
  const refuse = (code: string, detail: string): ConfigWarning[] => [
    { pointer: "/exchangeKeyId", code, detail },
  ];
  const { exchangeKeyId: id, feed, symbol } = config;
  if (id === undefined) {
    return refuse(
      "KEY_MISSING",
      "Live trading needs one of your exchange keys; add one with: deno task agent keys add",
    );
  }
  const view = findExchangeKey(id)?.view;
  if (view === undefined || view.ownerId !== ownerId) {
    return refuse("KEY_MISSING", "You have no exchange key of this id");
  }
  if (feed.kind === "exchange" && feed.exchange !== view.exchange) {
    return refuse(
      "KEY_MISMATCH",
      `The key "${view.label}" is of ${view.exchange}, the market of ${feed.exchange}`,
    );
  }
  if (view.status !== "verified") {
    return refuse(
      "KEY_UNVERIFIED",
      `The key "${view.label}" cannot be used: ${view.statusDetail}`,
    );
  }
  if (!view.isLiveAllowed) {
    return refuse(
      "KEY_NOT_ALLOWED",
      `The key "${view.label}" is not allowed for live trading; allow it with: deno task agent keys allow-live "${view.label}"`,
    );
  }
  const twin = others.find(({ record: { config: other } }) =>
    other.exchangeKeyId === id && other.symbol === symbol &&
    other.feed.kind === "exchange" && feed.kind === "exchange" &&
    other.feed.market === feed.market
  );
  return twin === undefined ? [] : [{
    pointer: "/symbol",
    code: "MARKET_TAKEN",
    detail:
      `"${twin.record.config.name}" trades ${symbol} with this key already, and two could not tell whose position it is; choose another market or key`,
  }];
}
