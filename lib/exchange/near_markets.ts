import { suggest } from "../core/nearest.ts";
import { NEAR_NAMES_MAX } from "./limits.ts";

/** A hint for a market that an exchange does not have: names like it, or of its base currency. It begins with a space. */
export function nearMarkets(symbol: string, names: readonly string[]): string {
  const near = suggest(symbol, names);
  if (near !== "") return near;
  const [base] = symbol.toUpperCase().split("/");
  const ofBase = names.filter((name) => name.startsWith(`${base}/`));
  return ofBase.length === 0
    ? " Write it as BASE/QUOTE, for instance BTC/USDT"
    : ` Of ${base} it has ${ofBase.slice(0, NEAR_NAMES_MAX).join(", ")}`;
}
