import {
  ACCOUNT_KINDS,
  CONTROL_FACTS,
} from "../../agents/risk/control_facts.ts";
import { DENIAL_CODES, type DenialCode } from "../../lib/contracts/order.ts";

/** Columns of the denials of the order desk. */
export const DENIAL_HEAD = [
  "code",
  "meaning",
  "limit",
  "set by",
  ...ACCOUNT_KINDS,
] as const;

/** A row for each reason for which the desk denies an order. */
export function denialRows(): string[][] {
  return Object.entries(DENIAL_CODES).map(([code, meaning]) => {
    const { limit, setBy, appliesTo } = CONTROL_FACTS[code as DenialCode];
    return [
      `\`${code}\``,
      meaning,
      limit,
      setBy,
      ...ACCOUNT_KINDS.map((kind) => appliesTo.includes(kind) ? "yes" : "–"),
    ];
  });
}
