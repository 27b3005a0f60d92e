/**
 * How much of each limit is used: of agents, of exchange keys, of risk
 * managers and of the server.
 *
 * @module
 */
import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import type { RiskLimit } from "../../contracts/fleet_risk.ts";
import type { GuardRuleView } from "../../contracts/guard.ts";
import type { QuotaUse } from "../../contracts/quota.ts";
import { RISK_MEASURES } from "../../contracts/risk.ts";
import {
  decimal,
  divide,
  maxDecimal,
  roundTo,
  ZERO,
} from "../../core/decimal.ts";
import { isGuarded } from "../guards/scope.ts";
import {
  compareText,
  currencyOf,
  grossOf,
  hasBooks,
  isMissed,
  type RiskFact,
  sumKnown,
  workingOf,
} from "./facts.ts";
import { keyLimits } from "./key_limits.ts";
import {
  amountOf,
  type LimitUse,
  roundShare,
  textOf,
  toRow,
} from "./limit_row.ts";

const NO_ACCOUNT = "Its account has not been heard of yet";
const NO_DESK = "Its order desk has not told";
const MIXED = "It measures live and paper accounts together";
const NO_PRICE = "The price of what it holds is not known";
const NO_EQUITY = "Its equity is not known";

/** All limits that are in force, the fullest first. */
export function limitsOf(
  facts: readonly RiskFact[],
  { hosts, measures, rates }: {
    hosts: readonly QuotaUse[];
    /** What the desks of venues say. */
    measures: StopMeasures["accounts"];
    /** Orders of each account within its last minute. */
    rates: StopMeasures["rates"];
  },
): RiskLimit[] {
  const traders = facts.filter((fact) => hasBooks(fact) && isMissed(fact));
  const rows = [
    ...traders.flatMap((fact) => agentLimits(fact, rates)),
    ...keyLimits(traders, measures),
    ...facts.flatMap((fact) => ruleLimits(fact, facts)),
    ...hosts.map(hostLimit),
  ];
  return rows.sort(compareLimits);
}

function agentLimits(
  fact: RiskFact,
  rates: StopMeasures["rates"],
): RiskLimit[] {
  const { id, config: { name, mode } } = fact.record;
  const of = { source: "agent", agentId: id, scope: name, mode } as const;
  return [
    ...accountUses(fact),
    ...safetyUses(fact),
    {
      limit: "order_rate",
      unit: "",
      used: amountOf(
        rates.find(({ agentId }) => agentId === id)?.ordersLastMinute,
      ),
      cap: decimal(fact.record.config.safety.maxOrdersPerMinute),
      missing: NO_DESK,
    } satisfies LimitUse,
  ].map((use) => toRow(use, of));
}

/** What the block `risk` limits. */
function accountUses({ record: { config }, account }: RiskFact): LimitUse[] {
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
function safetyUses({ record: { config }, account }: RiskFact): LimitUse[] {
  const {
    maxOpenOrders,
    maxPositionNotional,
    breakerConsecutiveLosses,
  } = config.safety;
  const uses: LimitUse[] = [{
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

/** Rules in force of a risk manager that is up. */
function ruleLimits(
  fact: RiskFact,
  facts: readonly RiskFact[],
): RiskLimit[] {
  const { record: { id, config, desired }, risk } = fact;
  if (risk === null || desired !== "running" && desired !== "paused") return [];
  const modes = new Set(
    facts.filter((other) => isGuarded(fact, other))
      .map(({ record }) => record.config.mode),
  );
  return risk.view.rules.map((rule) => {
    const row = ruleLimit(rule, id, config.name);
    return modes.size < 2
      ? row
      : { ...row, note: [MIXED, row.note].filter(Boolean).join(". ") };
  });
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

const RANK = { reached: 0, near: 1, unknown: 2, ok: 3 } as const;

/** The fullest first; equal ones by name, so that the order of the agents says nothing. */
function compareLimits(a: RiskLimit, b: RiskLimit): number {
  return RANK[a.level] - RANK[b.level] ||
    (b.share ?? -1) - (a.share ?? -1) ||
    compareText(a.scope, b.scope) ||
    compareText(a.label, b.label) ||
    compareText(a.agentId ?? "", b.agentId ?? "");
}
