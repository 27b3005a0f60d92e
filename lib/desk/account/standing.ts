import {
  type TradingCauses,
  tradingStanding,
} from "../../../agents/risk/limits.ts";
import type { DeskEvent } from "../../contracts/order.ts";
import type { Book } from "./book.ts";

/** Sets what holds trading back, and tells the agent where that changes its trading state. */
export function setCauses(
  book: Pick<Book, "causes" | "standing">,
  { causes, reason }: { causes: TradingCauses; reason: string },
  toldSeq: number,
): DeskEvent[] {
  const from = book.standing.state;
  book.causes = causes;
  book.standing = tradingStanding(causes);
  const { state, code } = book.standing;
  return from === state ? [] : [{
    type: "TradingStateChanged",
    seq: toldSeq,
    from,
    to: state,
    code,
    reason,
  }];
}
