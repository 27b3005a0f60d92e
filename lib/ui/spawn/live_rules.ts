/**
 * What the spawn dialog knows of live trading. Pure; the server decides again.
 *
 * @module
 */
import type { ExchangeKeyView } from "../../contracts/exchange_key.ts";
import { type PanelUser, refusalOf } from "../roles.ts";
import type { FormValue } from "./config_values.ts";

/** The field in which the name is typed once more. */
export const CONFIRM_POINTER = "/confirmName";

type Values = Readonly<Record<string, FormValue>>;

/** Whether the form is one of a live agent. */
export function isLiveForm(values: Values): boolean {
  return values["/mode"] === "live";
}

/** Why live cannot be chosen at all, in one sentence, or null. */
export function liveRefusal(
  user: PanelUser,
  isLiveArmed: boolean,
): string | null {
  const refusal = refusalOf(user, "agents.live");
  if (refusal !== null) return refusal;
  return isLiveArmed
    ? null
    : "This server trades on paper only; to trade live, start it with TRADING_MODE=live";
}

/** Why a key cannot be chosen for a market of this exchange, or null. */
export function keyRefusal(
  key: ExchangeKeyView,
  exchange: string,
): string | null {
  if (key.exchange !== exchange.trim().toLowerCase()) {
    return `Is a key of ${key.exchange}`;
  }
  if (key.status !== "verified") return key.statusDetail;
  return key.isLiveAllowed ? null : "Is not allowed for live trading";
}

/** Errors of a live agent's fields by pointer; nothing for one on paper. */
export function findLiveFormErrors(values: Values): Record<string, string> {
  if (!isLiveForm(values)) return {};
  const errors: Record<string, string> = {};
  const name = String(values["/name"] ?? "").trim();
  if (values["/feed/kind"] !== "exchange") {
    errors["/feed"] = "Live trading needs the market of an exchange";
  }
  if ((values["/exchangeKeyId"] ?? "") === "") {
    errors["/exchangeKeyId"] = "Choose the exchange key to trade with";
  }
  if (name === "" || String(values[CONFIRM_POINTER] ?? "").trim() !== name) {
    errors[CONFIRM_POINTER] = `Type the name${
      name === "" ? "" : `, ${name},`
    } once more`;
  }
  return errors;
}
