/** One line of the table of limits. */
import {
  FLEET_LIMITS,
  type FleetLimitName,
  type RiskLimit,
} from "../../contracts/fleet_risk.ts";
import {
  type Decimal,
  decimal,
  divide,
  maxDecimal,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";

/** From this part of a limit on it is near. */
export const NEAR_SHARE = 0.8;

/** What a row is made of. */
export interface LimitUse {
  limit: FleetLimitName;
  label?: string;
  unit: string;
  used: Decimal | null;
  cap: Decimal;
  /** Why `used` is null. */
  missing: string;
}

/** Makes a line of what is used of a limit. */
export function toRow(
  { limit, label, unit, used, cap, missing }: LimitUse,
  of: Pick<RiskLimit, "source" | "agentId" | "scope" | "mode">,
): RiskLimit {
  const share = used === null || cap.lte(ZERO)
    ? null
    : roundShare(Number(divide(used, cap)));
  return {
    limit,
    label: label ?? FLEET_LIMITS[limit],
    ...of,
    unit,
    used: textOf(used),
    cap: toDecimalText(cap),
    headroom: textOf(used && maxDecimal(ZERO, cap.minus(used))),
    share,
    level: used === null ? "unknown" : levelOf(used, cap),
    note: used === null ? missing : null,
  };
}

/** The limit itself counts as reached. */
function levelOf(used: Decimal, cap: Decimal): RiskLimit["level"] {
  if (used.gte(cap)) return "reached";
  return used.gte(cap.times(decimal(NEAR_SHARE))) ? "near" : "ok";
}

/** What is not told is unknown. */
export function amountOf(
  value: string | number | null | undefined,
): Decimal | null {
  return value === null || value === undefined ? null : decimal(value);
}

/** A part of a limit, to a hundredth of a percent. */
export function roundShare(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

/** An amount as text; null stays unknown. */
export function textOf(amount: Decimal | null): string | null {
  return amount === null ? null : toDecimalText(toBooked(amount));
}
