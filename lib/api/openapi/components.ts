/**
 * Shapes that the document gives a name, so that it says each of them once.
 *
 * @module
 */
import type * as z from "zod";
import {
  configRequestSchema,
  controlRequestSchema,
  spawnRequestSchema,
} from "../../contracts/agent.ts";
import {
  agentConfigSchema,
  riskConfigSchema,
  safetyConfigSchema,
} from "../../contracts/agent_config.ts";
import { costsConfigSchema } from "../../contracts/costs.ts";
import { decisionConfigSchema } from "../../contracts/decision_config.ts";
import { executionConfigSchema } from "../../contracts/execution_config.ts";
import { guardConfigSchema } from "../../contracts/guard_config.ts";
import {
  detectorConfigSchema,
  strategiesConfigSchema,
} from "../../contracts/strategies.ts";
import { accountViewSchema } from "../../contracts/answers/account.ts";
import {
  agentDetailSchema,
  agentViewSchema,
  resourceEstimateSchema,
} from "../../contracts/answers/agent.ts";
import {
  backtestDetailSchema,
  backtestViewSchema,
} from "../../contracts/answers/backtest.ts";
import {
  backtestReportSchema,
  backtestSummarySchema,
} from "../../contracts/answers/backtest_report.ts";
import { apiTokenViewSchema } from "../../contracts/answers/api_token.ts";
import { auditRecordSchema } from "../../contracts/answers/audit.ts";
import { stopViewSchema } from "../../contracts/answers/emergency.ts";
import { programLoginSchema } from "../../contracts/answers/login.ts";
import {
  controlFrameSchema,
  streamEnvelopeSchema,
} from "../../contracts/answers/stream.ts";
import { stopRequestSchema } from "../../contracts/emergency.ts";
import { subscribeFrameSchema } from "../../contracts/stream.ts";
import { candleSchema } from "../../contracts/answers/candle.ts";
import { logEntrySchema } from "../../contracts/answers/log.ts";
import {
  deskActionSchema,
  deskEventSchema,
  fillSchema,
  openOrderSchema,
  tradeSchema,
} from "../../contracts/answers/order.ts";
import { teamViewSchema } from "../../contracts/answers/team.ts";
import { agentTemplateSchema } from "../../contracts/answers/template.ts";
import { loginResponseSchema } from "../../contracts/answers/browser_login.ts";
import { exchangeKeyViewSchema } from "../../contracts/answers/exchange_key.ts";
import {
  assertionOptionsSchema,
  passkeyViewSchema,
} from "../../contracts/answers/passkey.ts";
import {
  inviteViewSchema,
  personViewSchema,
} from "../../contracts/answers/people.ts";
import { secondFactorViewSchema } from "../../contracts/answers/second_factor.ts";
import { backtestRequestSchema } from "../../contracts/backtest.ts";
import { assertionSchema } from "../../contracts/passkey.ts";
import { feedConfigSchema } from "../../contracts/feed.ts";
import { teamSpawnSchema } from "../../contracts/team.ts";

/** Parts of a configuration, which is shown whole, without its name, and in requests. */
const CONFIG_PARTS: Readonly<Record<string, z.ZodType>> = {
  CostsConfig: costsConfigSchema,
  DecisionConfig: decisionConfigSchema,
  DetectorConfig: detectorConfigSchema,
  ExecutionConfig: executionConfigSchema,
  FeedConfig: feedConfigSchema,
  GuardConfig: guardConfigSchema,
  RiskConfig: riskConfigSchema,
  SafetyConfig: safetyConfigSchema,
  StrategiesConfig: strategiesConfigSchema,
};

/** What is answered. */
export const ANSWER_COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  AccountView: accountViewSchema,
  AgentConfig: agentConfigSchema,
  AgentDetail: agentDetailSchema,
  AgentTemplate: agentTemplateSchema,
  AgentView: agentViewSchema,
  ApiTokenView: apiTokenViewSchema,
  AssertionOptions: assertionOptionsSchema,
  AuditRecord: auditRecordSchema,
  BacktestDetail: backtestDetailSchema,
  BacktestReport: backtestReportSchema,
  BacktestRequest: backtestRequestSchema,
  BacktestSummary: backtestSummarySchema,
  BacktestView: backtestViewSchema,
  Candle: candleSchema,
  DeskAction: deskActionSchema,
  DeskEvent: deskEventSchema,
  ExchangeKey: exchangeKeyViewSchema,
  Fill: fillSchema,
  Invite: inviteViewSchema,
  LogEntry: logEntrySchema,
  Login: loginResponseSchema,
  OpenOrder: openOrderSchema,
  Passkey: passkeyViewSchema,
  Person: personViewSchema,
  ProgramLogin: programLoginSchema,
  ResourceEstimate: resourceEstimateSchema,
  SecondFactor: secondFactorViewSchema,
  StopView: stopViewSchema,
  StreamControlFrame: controlFrameSchema,
  StreamEvent: streamEnvelopeSchema,
  TeamView: teamViewSchema,
  Trade: tradeSchema,
  ...CONFIG_PARTS,
};

/** What is sent: presets may be left out. */
export const REQUEST_COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  AgentConfigInput: agentConfigSchema,
  BacktestRequestInput: backtestRequestSchema,
  ConfigRequest: configRequestSchema,
  ControlRequest: controlRequestSchema,
  PasskeyAssertion: assertionSchema,
  SpawnRequest: spawnRequestSchema,
  StopRequest: stopRequestSchema,
  SubscribeFrame: subscribeFrameSchema,
  TeamSpawnRequest: teamSpawnSchema,
  ...Object.fromEntries(
    Object.entries(CONFIG_PARTS).map((
      [name, schema],
    ) => [`${name}Input`, schema]),
  ),
};
