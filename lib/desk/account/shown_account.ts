import type { AccountView } from "../../contracts/account.ts";
import type { AccountLog } from "./account_log.ts";
import { toAccountView } from "./view.ts";

/** The account as its owner sees it: `halted` while an emergency stop or an outage lets no new risk in, whatever its books say. */
export function showAccount(
  { book, stop, outage }: Pick<AccountLog, "book" | "stop" | "outage">,
): AccountView {
  const view = toAccountView(book);
  const tradingStateReason = stop?.reason ?? outage?.reason;
  return tradingStateReason === undefined
    ? view
    : { ...view, tradingState: "halted", tradingStateReason };
}
