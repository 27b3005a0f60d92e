/**
 * Checks of a configuration beyond its schema: errors that block a spawn, and
 * warnings that a person should have read.
 *
 * @module
 */
import { quotaSentence } from "../contracts/quota.ts";
import type { z } from "zod";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../contracts/agent_config.ts";
import type { ConfigWarning, ValidationResponse } from "../contracts/agent.ts";
import type { CandleFile } from "../contracts/feed.ts";
import type { ModelInfo } from "../contracts/inference.ts";
import { decimal, toDecimalText } from "../core/decimal.ts";
import { AGENT_TYPE_WORDS, hasAccount } from "../contracts/agent_types.ts";
import { withGuardPresets } from "../contracts/guard_config.ts";
import {
  findGuardErrors,
  findGuardWarnings,
  type GuardContext,
} from "./guards/validation.ts";
import { exchangeProblem, type MarketAccess } from "./market_access.ts";
import type { AgentEntry } from "./registry.ts";
import { estimateResources } from "./usage/estimate.ts";
import { findLiveErrors, type LiveContext } from "./live_validation.ts";
import { findModelErrors, findModelWarnings } from "./model_validation.ts";
import { findPairErrors } from "./pair_validation.ts";
import {
  findSourceErrors,
  type SourceContext,
  withSourceIds,
} from "./sources/checks.ts";
import { worstCase } from "./worst_case.ts";
import { findStrategyWarnings } from "./strategy_warnings.ts";

/** What the checks need to know of the world. */
export interface ValidationContext {
  /** Agents of the same owner, the one being changed left out. */
  siblings: readonly AgentEntry[];
  agentsAllowed: number;
  candleFiles: readonly CandleFile[];
  models: readonly ModelInfo[];
  candlesDir: string;
  simulationSpeed: number;
  live: LiveContext;
  /** Which exchanges the server may reach. */
  access: MarketAccess;
  /** Who may listen to whom. */
  listening: SourceContext;
  /** True when the configuration is for a new agent, which counts against the quota. */
  isNew: boolean;
  /** Id of the agent that is changed; null for a new one. */
  changedId: string | null;
}

/** A part of the highest liquidation move that leaves room for fees and slippage. */
const LIQUIDATION_MARGIN = 0.8;

/** Checks any input. Never throws; the answer lists everything that is wrong at once. */
export function validateConfig(
  input: unknown,
  context: ValidationContext,
): ValidationResponse {
  const parsed = agentConfigSchema.safeParse(input);
  if (!parsed.success) {
    return {
      valid: false,
      errors: schemaErrors(parsed.error.issues),
      warnings: [],
      estimate: null,
      worstDayLoss: null,
      worstTotalLoss: null,
      liquidationDistancePct: null,
      config: null,
    };
  }
  const config = withGuardPresets(
    withSourceIds(parsed.data, context.listening),
  );
  const errors = findErrors(config, context);
  const worst = hasAccount(config.type) ? worstCase(config) : null;
  return {
    valid: errors.length === 0,
    errors,
    warnings: findWarnings(config, context),
    estimate: estimateResources(config, {
      agentsUsed: context.siblings.length,
      agentsAllowed: context.agentsAllowed,
      simulationSpeed: context.simulationSpeed,
    }),
    worstDayLoss: worst?.day ?? null,
    worstTotalLoss: worst?.total ?? null,
    liquidationDistancePct: worst?.liquidationDistancePct ?? null,
    config,
  };
}

/** Writes schema issues as field errors with JSON pointers. */
export function schemaErrors(
  issues: readonly z.core.$ZodIssue[],
): ConfigWarning[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        pointer: `/${[...issue.path, key].join("/")}`,
        code: "FIELD_UNKNOWN",
        detail:
          `There is no setting "${key}" here; remove it or check its spelling`,
      }));
    }
    const missing = issue.code === "invalid_type" && issue.input === undefined;
    return [{
      pointer: `/${issue.path.join("/")}`,
      code: missing ? "FIELD_MISSING" : "FIELD_INVALID",
      detail: issue.message,
    }];
  });
}

function findErrors(
  config: AgentConfig,
  context: ValidationContext,
): ConfigWarning[] {
  const errors: ConfigWarning[] = [];
  const type = AGENT_TYPE_WORDS[config.type];
  if (type.unavailable !== null) {
    errors.push({
      pointer: "/type",
      code: "TYPE_UNAVAILABLE",
      detail: `${type.title} cannot be spawned: ${type.unavailable}`,
    });
  }
  errors.push(
    ...(hasAccount(config.type) ? findLiveErrors(config, context.live) : []),
    ...findGuardErrors(config, guardContext(context)),
  );
  const name = config.name.toLowerCase();
  if (
    context.siblings.some((entry) =>
      entry.record.config.name.toLowerCase() === name
    )
  ) {
    errors.push({
      pointer: "/name",
      code: "NAME_TAKEN",
      detail:
        `You have an agent named "${config.name}" already; choose another name`,
    });
  }
  errors.push(
    ...findFileErrors(config, context),
    ...findExchangeErrors(config, context),
    ...findPairErrors(config),
    ...findSourceErrors(config, context.listening),
    ...findModelErrors(config, context.models),
  );
  if (context.isNew && context.siblings.length >= context.agentsAllowed) {
    errors.push({
      pointer: "",
      code: "QUOTA_EXCEEDED",
      detail: quotaSentence({
        quota: "agents",
        used: context.siblings.length,
        limit: context.agentsAllowed,
      }),
    });
  }
  return errors;
}

function findFileErrors(
  { feed }: AgentConfig,
  { candleFiles, candlesDir }: ValidationContext,
): ConfigWarning[] {
  if (feed.kind !== "replay") return [];
  const named = [
    ["/feed/file", feed.file],
    ["/feed/hedgeFile", feed.hedgeFile],
  ] as const;
  return named.flatMap(([pointer, file]) =>
    file === undefined || candleFiles.some((known) => known.file === file)
      ? []
      : [{
        pointer,
        code: "CANDLE_FILE_MISSING",
        detail:
          `There is no candle file "${file}"; put it into the folder "${candlesDir}" of the server`,
      }]
  );
}

/** Whether the exchange has the market and the timeframe is known when the stream opens. */
function findExchangeErrors(
  { feed }: AgentConfig,
  { access }: ValidationContext,
): ConfigWarning[] {
  if (feed.kind !== "exchange") return [];
  const detail = exchangeProblem(access, feed);
  return detail === null
    ? []
    : [{ pointer: "/feed/exchange", code: "EXCHANGE_UNAVAILABLE", detail }];
}

function guardContext(
  { siblings, live, changedId }: ValidationContext,
): GuardContext {
  const { ownerId, findExchangeKey } = live;
  return { siblings, ownerId, changedId, findExchangeKey };
}

function findWarnings(
  config: AgentConfig,
  context: ValidationContext,
): ConfigWarning[] {
  if (!hasAccount(config.type)) return findGuardWarnings(config, context);
  const warnings: ConfigWarning[] = [];
  const { risk } = config;
  const liquidationMovePct = 100 / risk.leverage;
  if (
    risk.leverage > 1 &&
    liquidationMovePct * LIQUIDATION_MARGIN < risk.maxDrawdownPct
  ) {
    const suggestion = Math.max(
      1,
      Math.floor(100 * LIQUIDATION_MARGIN / risk.maxDrawdownPct),
    );
    warnings.push({
      pointer: "/risk/leverage",
      code: "LIQUIDATION_BEFORE_DRAWDOWN",
      detail: `At ${risk.leverage}× a move of ${
        liquidationMovePct.toFixed(1)
      } % liquidates a full position, before the drawdown limit of ${risk.maxDrawdownPct} % can act; use ${suggestion}× or less`,
    });
  }
  const drawdownLoss = decimal(risk.initialCapital).times(risk.maxDrawdownPct)
    .div(100);
  if (decimal(risk.dailyLossLimit).gt(drawdownLoss)) {
    warnings.push({
      pointer: "/risk/dailyLossLimit",
      code: "DAILY_LIMIT_ABOVE_DRAWDOWN",
      detail:
        `The daily loss limit of ${risk.dailyLossLimit} is more than the whole drawdown limit of ${
          toDecimalText(drawdownLoss)
        }, so it can never act first; lower it`,
    });
  }
  const tradeLoss = decimal(risk.initialCapital).times(risk.riskPerTradePct)
    .div(100);
  if (tradeLoss.gt(risk.dailyLossLimit)) {
    warnings.push({
      pointer: "/risk/riskPerTradePct",
      code: "ONE_TRADE_ENDS_THE_DAY",
      detail: `One losing trade costs about ${
        toDecimalText(tradeLoss)
      }, more than the daily loss limit of ${risk.dailyLossLimit}; lower the risk per trade`,
    });
  }
  // An executor has no strategies of its own.
  return config.type === "executor" ? warnings : [
    ...warnings,
    ...strategyWarnings(config, context),
    ...findModelWarnings(config, context.models),
  ];
}

function strategyWarnings(
  config: AgentConfig,
  context: ValidationContext,
): ConfigWarning[] {
  const warnings = findStrategyWarnings(config);
  const twin = config.signalsOnly
    ? undefined
    : context.siblings.find((entry) =>
      !entry.record.config.signalsOnly &&
      entry.record.config.symbol === config.symbol &&
      entry.record.config.timeframe === config.timeframe &&
      entry.record.config.feed.kind === config.feed.kind &&
      entry.record.desired === "running"
    );
  if (twin !== undefined && config.feed.kind === "simulated") {
    warnings.push({
      pointer: "/symbol",
      code: "SAME_MARKET",
      detail:
        `"${twin.record.config.name}" trades ${config.symbol} ${config.timeframe} as well; both can lose on the same move`,
    });
  }
  return warnings;
}
