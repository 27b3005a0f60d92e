import * as z from "zod";
import {
  DENIAL_CODES,
  type DenialCode,
  REFUSAL_CAUSES,
  type RefusalCause,
} from "../denials.ts";
import { LEVERS, stopScopeSchema } from "../emergency.ts";
import {
  FLEET_LIMITS,
  type FleetLimitName,
  type FleetRisk,
  type RiskTrading,
} from "../fleet_risk.ts";
import { TRADING_STATES } from "../lifecycle.ts";
import { LOSS_METHODS } from "../risk.ts";
import { guardLossViewSchema } from "./guard.ts";
import { codesOf, same } from "./parts.ts";

const mode = z.enum(["paper", "live"]);
const text = z.string();
const amount = z.string().nullable();

/** {@link RiskTrading} */
export const riskTradingSchema = z.object({
  state: z.enum(["active", "reducing", "stopped"]).nullable(),
  accounts: z.object({
    active: z.number(),
    reducing: z.number(),
    halted: z.number(),
    unknown: z.number(),
  }),
  stops: z.array(z.object({
    id: text,
    scope: stopScopeSchema,
    lever: z.enum(LEVERS),
    reason: text,
    by: text,
    at: z.number(),
    isWorking: z.boolean(),
    accounts: z.number(),
    done: z.number(),
    residue: z.number(),
  })),
  held: z.array(z.object({
    agentId: text,
    name: text,
    mode,
    state: z.enum(["reducing", "halted"]),
    reason: text.nullable(),
  })),
  heldLeftOut: z.number(),
  isDeskUp: z.boolean(),
});
same<RiskTrading, typeof riskTradingSchema>();

const limitSchema = z.object({
  limit: codesOf<FleetLimitName>(FLEET_LIMITS),
  label: text,
  source: z.enum(["agent", "risk_manager", "server"]),
  agentId: text.nullable(),
  scope: text,
  mode: mode.nullable(),
  unit: text,
  used: amount,
  cap: text,
  headroom: amount,
  share: z.number().nullable(),
  level: z.enum(["ok", "near", "reached", "unknown"]),
  note: text.nullable(),
});

const lossesSchema = z.object({
  agentId: text,
  name: text,
  state: z.enum(TRADING_STATES),
  modes: z.array(mode),
  guarded: z.array(text),
  currency: text.nullable(),
  timeframe: text,
  method: z.enum(LOSS_METHODS),
  observations: z.number(),
  window: z.number(),
  toldAt: z.number().nullable(),
  isUp: z.boolean(),
  losses: z.array(guardLossViewSchema),
  reason: text.nullable(),
});

const breakerSchema = z.object({
  kind: z.enum(["losses", "entries", "venue", "silence"]),
  agentId: text.nullable(),
  name: text,
  mode: mode.nullable(),
  what: text,
  state: z.enum(["closed", "half_open", "open"]),
  cause: text.nullable(),
  count: z.number().nullable(),
  limit: z.number().nullable(),
  trips: z.number().nullable(),
  resetAt: z.number().nullable(),
  reset: text,
});

const denialsSchema = z.object({
  since: z.number(),
  isWhole: z.boolean(),
  groups: z.array(z.object({
    code: codesOf<DenialCode>(DENIAL_CODES),
    explanation: text,
    cause: codesOf<RefusalCause>(REFUSAL_CAUSES),
    causeText: text,
    count: z.number(),
    live: z.number(),
    paper: z.number(),
    gone: z.number(),
    agents: z.number(),
    lastAt: z.number(),
    lastAgent: text.nullable(),
    lastDetail: text,
  })),
});

/** {@link FleetRisk} */
export const fleetRiskSchema = z.object({
  at: z.number(),
  agents: z.number(),
  trading: riskTradingSchema,
  money: z.array(z.object({
    mode,
    currency: text,
    agents: z.number(),
    known: z.number(),
    equity: amount,
    dayPnl: amount,
    drawdownPct: z.number().nullable(),
  })),
  limits: z.array(limitSchema),
  limitsLeftOut: z.number(),
  marketRules: z.array(z.object({
    venue: text,
    symbol: text,
    agents: z.number(),
    priceStep: text,
    quantityStep: text,
    minQuantity: amount,
    maxQuantity: amount,
    minNotional: amount,
    maxNotional: amount,
  })),
  marketRulesLeftOut: z.number(),
  losses: z.array(lossesSchema),
  drawdowns: z.array(z.object({
    agentId: text,
    name: text,
    mode,
    drawdownPct: z.number(),
    limitPct: z.number(),
    points: z.array(z.object({ at: z.number(), drawdownPct: z.number() })),
  })),
  exposure: z.array(z.object({
    mode,
    currency: text,
    symbol: text,
    long: amount,
    short: amount,
    net: amount,
    working: amount,
    positions: z.number(),
  })),
  breakers: z.array(breakerSchema),
  breakersLeftOut: z.number(),
  denials: denialsSchema.nullable(),
  problems: z.array(z.object({
    part: z.enum(["denials", "breakers"]),
    detail: text,
  })),
});
same<FleetRisk, typeof fleetRiskSchema>();
