/**
 * How much of each limit is used: of agents, of exchange keys, of risk
 * managers and of the server. Rates within a minute are counted at the desks
 * alone and are not here.
 *
 * @module
 */
import {
  FLEET_LIMITS,
  type FleetLimitName,
  type RiskLimit,
} from "../../contracts/fleet_risk.ts";
import type { GuardRuleView } from "../../contracts/guard.ts";
import type { QuotaUse } from "../../contracts/quota.ts";
import { RISK_MEASURES } from "../../contracts/risk.ts";
import {
  type Decimal,
  decimal,
  divide,
  maxDecimal,
  roundTo,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import {
  compareText,
  currencyOf,
  grossOf,
  hasBooks,
  isMissed,
  keyOf,
  type RiskFact,
  sumKnown,
  workingOf,
} from "./facts.ts";

/** From this part of a limit on it is near. */
export const NEAR_SHARE = 0.8;

const NO_ACCOUNT = "Its account has not been heard of yet";
const NO_PRICE = "The price of what it holds is not known";
const NO_EQUITY = "Its equity is not known";

/** What a row is made of. */
interface Use {
  limit: FleetLimitName;
  label?: string;
  unit: string;
  used: Decimal | null;
  cap: Decimal;
  /** Why `used` is null. */
  missing: string;
}

/** All limits that are in force, the fullest first. */
export function limitsOf(
  facts: readonly RiskFact[],
  { hosts }: { hosts: readonly QuotaUse[] },
): RiskLimit[] {
  const traders = facts.filter((fact) => hasBooks(fact) && isMissed(fact));
  const rows = [
    ...traders.flatMap(agentLimits),
    ...keyLimits(traders),
    ...facts.flatMap(ruleLimits),
    ...hosts.map(hostLimit),
  ];
  return rows.sort(compareLimits);
}

function agentLimits(fact: RiskFact): RiskLimit[] {
  const { id, config: { name, mode } } = fact.record;
  const of = { source: "agent", agentId: id, scope: name, mode } as const;
  return [...accountUses(fact), ...safetyUses(fact)].map((use) =>
    toRow(use, of)
  );
}

/** What the block `risk` limits. */
function accountUses({ record: { config }, account }: RiskFact): Use[] {
  const { risk, symbol } = config;
  const equity = amountOf(account?.equity);
  const dayPnl = amountOf(account?.dayPnl);
  const missing = account === null ? NO_ACCOUNT : NO_EQUITY;
  const held = account === null ? null : grossOf(account);
  return [{
    limit: "drawdown",
    unit: "%",
    used: amountOf(account?.drawdownPct),
    cap: decimal(risk.maxDrawdownPct),
    missing,
  }, {
    limit: "daily_loss",
    unit: currencyOf(symbol),
    used: dayPnl && maxDecimal(ZERO, ZERO.minus(dayPnl)),
    cap: decimal(risk.dailyLossLimit),
    missing: account === null ? NO_ACCOUNT : "Its day has not begun yet",
  }, {
    limit: "leverage",
    unit: "×",
    used: held === null || equity === null || equity.lte(ZERO)
      ? null
      : roundTo(divide(held, equity), 4),
    cap: decimal(risk.leverage),
    missing: held === null && account !== null ? NO_PRICE : missing,
  }];
}

/** What the block `safety` limits and the owner of a desk can see. */
function safetyUses({ record: { config }, account }: RiskFact): Use[] {
  const { maxOpenOrders, maxPositionNotional, breakerConsecutiveLosses } =
    config.safety;
  const uses: Use[] = [{
    limit: "open_orders",
    unit: "",
    used: amountOf(account?.openOrders.length),
    cap: decimal(maxOpenOrders),
    missing: NO_ACCOUNT,
  }];
  if (maxPositionNotional !== null) {
    uses.push({
      limit: "position",
      unit: currencyOf(config.symbol),
      used: account === null
        ? null
        : sumKnown([grossOf(account), workingOf(account)]),
      cap: decimal(maxPositionNotional),
      missing: account === null ? NO_ACCOUNT : NO_PRICE,
    });
  }
  if (breakerConsecutiveLosses > 0) {
    uses.push({
      limit: "breaker",
      unit: "",
      used: amountOf(account?.breaker?.lossesInARow),
      cap: decimal(breakerConsecutiveLosses),
      missing: NO_ACCOUNT,
    });
  }
  return uses;
}

/** What is not told is unknown. */
function amountOf(value: string | number | null | undefined): Decimal | null {
  return value === null || value === undefined ? null : decimal(value);
}

/** Each agent may limit what all agents of its key hold together; quotes of several currencies have no sum. */
function keyLimits(traders: readonly RiskFact[]): RiskLimit[] {
  return traders.flatMap(({ record: { id, config } }) => {
    const cap = config.safety.maxAccountNotional;
    const key = keyOf(config);
    if (cap === null || key === null) return [];
    const unit = currencyOf(config.symbol);
    const mates = traders.filter(({ record }) => keyOf(record.config) === key);
    const hasOneUnit = mates.every(({ record }) =>
      currencyOf(record.config.symbol) === unit
    );
    const used = hasOneUnit
      ? sumKnown(mates.map(({ account }) => account && grossOf(account)))
      : null;
    return toRow({
      limit: "key_exposure",
      unit,
      used,
      cap: decimal(cap),
      missing: hasOneUnit
        ? "What an agent of the key holds is not known"
        : "The agents of the key trade in several currencies",
    }, {
      source: "agent",
      agentId: id,
      scope: `key of ${config.name}`,
      mode: config.mode,
    });
  });
}

/** Rules in force of a risk manager that is up. */
function ruleLimits(fact: RiskFact): RiskLimit[] {
  const { record: { id, config, desired }, risk } = fact;
  if (risk === null || desired !== "running" && desired !== "paused") return [];
  return risk.view.rules.map((rule) => ruleLimit(rule, id, config.name));
}

function ruleLimit(
  rule: GuardRuleView,
  agentId: string,
  name: string,
): RiskLimit {
  const { value, limit, unit, label, level, reason } = rule;
  const isBelow = RISK_MEASURES[rule.measure].worse === "below";
  const row = toRow({
    limit: "rule",
    label: label[0]!.toUpperCase() + label.slice(1),
    unit,
    used: value === null ? null : roundTo(decimal(value), 4),
    cap: decimal(limit),
    missing: reason ?? "Not known yet",
  }, { source: "risk_manager", agentId, scope: name, mode: null });
  const below = isBelow && value !== null
    ? {
      headroom: textOf(
        maxDecimal(ZERO, roundTo(decimal(value).minus(limit), 4)),
      ),
      share: value <= 0 ? null : roundShare(limit / value),
    }
    : {};
  // What the rule itself makes of it counts: it may be latched, or wait for returns.
  const levels = {
    quiet: "ok",
    warming_up: "unknown",
    warning: "near",
    acting: "reached",
  } as const;
  return { ...row, ...below, level: levels[level], note: reason ?? row.note };
}

function hostLimit({ used, limit }: QuotaUse): RiskLimit {
  return toRow({
    limit: "agents",
    unit: "",
    used: decimal(used),
    cap: decimal(limit),
    missing: "",
  }, { source: "server", agentId: null, scope: "server", mode: null });
}

function toRow(
  { limit, label, unit, used, cap, missing }: Use,
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

const RANK = { reached: 0, near: 1, unknown: 2, ok: 3 } as const;

/** The fullest first; equal ones by name, so that the order of the agents says nothing. */
function compareLimits(a: RiskLimit, b: RiskLimit): number {
  return RANK[a.level] - RANK[b.level] ||
    (b.share ?? -1) - (a.share ?? -1) ||
    compareText(a.scope, b.scope) ||
    compareText(a.label, b.label) ||
    compareText(a.agentId ?? "", b.agentId ?? "");
}

function roundShare(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

function textOf(amount: Decimal | null): string | null {
  return amount === null ? null : toDecimalText(toBooked(amount));
}
