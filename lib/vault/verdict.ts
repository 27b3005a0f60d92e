import type {
  ExchangeKeyView,
  KeyRightsView,
} from "../contracts/exchange_key.ts";

type Verdict = Pick<ExchangeKeyView, "status" | "statusDetail">;

/**
 * What a key's rights mean. A key that may take money out is refused whatever
 * else it may do: a stolen one must cost trades at worst, never the balance.
 */
export function verdictOf(rights: KeyRightsView): Verdict {
  if (rights.canWithdraw === true || rights.canTransfer === true) {
    const what = rights.canWithdraw === true ? "withdraw" : "transfer";
    return {
      status: "refused",
      statusDetail:
        `The key may ${what} money; make a new one at the exchange without that right`,
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
      statusDetail:
        "The exchange does not tell whether the key may withdraw, so it cannot be used for live trading",
    };
  }
  return {
    status: "verified",
    statusDetail: rights.isAddressBound === true
      ? "The key may trade, cannot withdraw, and works from set addresses only"
      : "The key may trade and cannot withdraw; binding it to this machine's address at the exchange makes it safer",
  };
}
