import type {
  ExchangeKeyView,
  KeyRightsView,
} from "../contracts/exchange_key.ts";
import { bindAdvice, saferKeyAdvice, venueName } from "./key_advice.ts";

type Verdict = Pick<ExchangeKeyView, "status" | "statusDetail">;

/** What of a key could move money out of the account; null where nothing is known to. */
export function dangerOf(
  rights: KeyRightsView,
): "withdraw" | "transfer" | null {
  if (rights.canWithdraw === true) return "withdraw";
  return rights.canTransfer === true ? "transfer" : null;
}

/**
 * What a key's rights mean. A key that may take money out is refused whatever
 * else it may do: a stolen one must cost trades at worst, never the balance.
 */
export function verdictOf(rights: KeyRightsView, exchange: string): Verdict {
  const danger = dangerOf(rights);
  if (danger !== null) {
    return {
      status: "refused",
      statusDetail: `The key may ${danger} money; ${
        saferKeyAdvice(exchange, danger)
      }`,
    };
  }
  if (!rights.canTrade) {
    return {
      status: "refused",
      statusDetail:
        "The key may not trade; allow it at the exchange, then test it again",
    };
  }
  if (rights.canWithdraw === null) {
    return {
      status: "unverified",
      statusDetail: `${
        venueName(exchange)
      } does not tell whether the key may withdraw, so it cannot be used for live trading`,
    };
  }
  if (rights.isAddressBound === false) {
    return {
      status: "unbound",
      statusDetail:
        `The key may trade and cannot withdraw, but works from every address; ${
          bindAdvice(exchange)
        }, then test it again: until then it cannot trade live`,
    };
  }
  return {
    status: "verified",
    statusDetail: rights.isAddressBound === true
      ? "The key may trade, cannot withdraw, and works from set addresses only"
      : `The key may trade and cannot withdraw. ${
        venueName(exchange)
      } does not tell whether it is bound to addresses: ${
        bindAdvice(exchange)
      }, so that nobody else can use it`,
  };
}
