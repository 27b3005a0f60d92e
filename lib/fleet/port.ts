/**
 * What the rest of the product may ask of the fleet. The API and the pages
 * know this interface only; `fleet.ts` implements it.
 *
 * @module
 */
import type {
  AgentDetail,
  AgentView,
  ConfigResponse,
  ControlRequest,
  LatencyResponse,
  PerformanceResponse,
  SpawnRequest,
  ValidationResponse,
} from "../contracts/agent.ts";
import type {
  AnalyticsQuery,
  AnalyticsResponse,
} from "../contracts/analytics.ts";
import type { Emergency } from "./emergency/port.ts";
import type { BundleOrigin } from "../contracts/bundle.ts";
import type { AgentTemplate, SharedTemplate } from "../contracts/template.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import type { Caller } from "../contracts/audit.ts";
import type { QuotaUse } from "../contracts/quota.ts";
import type { ConfigPreview } from "../contracts/config_preview.ts";
import type { ConfigVersion } from "../contracts/config_history.ts";
import type { DecisionsResponse } from "../contracts/decisions.ts";
import type { ChartRange, ChartResponse } from "../contracts/chart.ts";
import type { HostView } from "../contracts/host.ts";
import type { FleetRisk } from "../contracts/fleet_risk.ts";
import type { RiskResponse } from "../contracts/guard.ts";
import type { CandleFile } from "../contracts/feed.ts";
import type { ModelInfo, RuntimeStatus } from "../contracts/inference.ts";
import type { RecordingInfo } from "../contracts/recording.ts";
import type { ResourcesResponse } from "../contracts/resources.ts";
import type { Trade } from "../contracts/order.ts";
import type { Teams } from "./teams/port.ts";

export type { Caller };

/** A page of a list, newest first. */
export interface Page<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** Whether the platform works, with causes where it does not. */
export interface FleetHealth {
  ready: boolean;
  checks: readonly { name: string; ok: boolean; detail: string }[];
}

/** The application service of the fleet. Refusals are thrown as AppError with a code of contracts/problem.ts. */
export interface Fleet {
  templates(): readonly AgentTemplate[];
  /** The text of a template's file, with version and checksum. */
  exportTemplate(name: string): string;
  /** The configuration of an agent as the file of a template with this name. */
  exportAgentTemplate(id: string, name: string): string;
  /** Takes in a parsed template file. */
  importTemplate(file: unknown, caller: Caller): Promise<AgentTemplate>;
  /**
   * Keeps templates of a signed bundle, all of them or none.
   *
   * @throws {AppError} TEMPLATE_NAME_TAKEN, QUOTA_EXCEEDED or STORE_UNAVAILABLE.
   */
  keepTemplates(
    parts: readonly { template: SharedTemplate; bundle: BundleOrigin }[],
    caller: Caller,
  ): Promise<readonly AgentTemplate[]>;
  /** Forgets an imported template; agents made from it stay. */
  removeTemplate(name: string, caller: Caller): Promise<void>;
  list(): readonly AgentView[];
  /** Agents of a person and of all, and imported templates. */
  quotas(userId: string): readonly QuotaUse[];
  get(id: string): AgentDetail;
  /** Checks any input without side effects: errors, warnings, estimate, worst case. */
  validate(input: unknown, caller: Caller): ValidationResponse;
  /** Stores the agent and starts it; answers as soon as the desired state is stored. */
  spawn(request: SpawnRequest, caller: Caller): Promise<AgentView>;
  /** Stores the wish (desired state) and answers with the agent as it is now. */
  control(
    id: string,
    request: ControlRequest,
    caller: Caller,
  ): Promise<AgentView>;
  /**
   * Takes a person's word that an order without an answer is not at the venue.
   *
   * @throws {AppError} ORDER_STATE_CONFLICT unless the venue has said so for a while, too.
   */
  settleOrder(
    id: string,
    order: { orderId: string; reason: string },
    caller: Caller,
  ): Promise<AgentView>;
  /** `expectedVersion` is the configuration version that the caller has seen. */
  updateConfig(
    id: string,
    config: AgentConfig,
    options: { expectedVersion: number; caller: Caller },
  ): Promise<ConfigResponse>;
  /** What a change would come to, field by field; nothing is changed. */
  previewConfig(id: string, input: unknown, caller: Caller): ConfigPreview;
  /** Versions of its configuration, newest first, each with what differs from the one before. */
  configHistory(
    id: string,
    options: { limit: number; cursor: string | null },
  ): Promise<Page<ConfigVersion>>;
  /** Stops the agent for good and forgets it; its logs and trades stay on record. */
  remove(id: string, caller: Caller): Promise<void>;
  chart(
    id: string,
    range: ChartRange,
  ): Promise<ChartResponse>;
  /** The newest decisions that it remembers, with the votes of its models where it has some. */
  decisions(id: string): Promise<DecisionsResponse>;
  performance(id: string): Promise<PerformanceResponse>;
  resources(id: string): Promise<ResourcesResponse>;
  /** @throws {AppError} RISK_NOT_ASSESSED for an agent that is no risk manager. */
  risk(id: string): Promise<RiskResponse>;
  /** Ids of the agents that a risk manager guards. */
  guarded(id: string): readonly string[];
  /** The risk of all agents together. */
  riskOfAll(): Promise<FleetRisk>;
  /**
   * What closed trades came to, by what they have in common.
   *
   * @throws {AppError} AGENT_NOT_FOUND for an id of neither an agent nor a team.
   */
  analytics(query: AnalyticsQuery): Promise<AnalyticsResponse>;
  latency(id: string): Promise<LatencyResponse>;
  trades(
    id: string,
    options: { limit: number; cursor: string | null },
  ): Promise<Page<Trade>>;
  /** Recorded sessions of an agent, newest first. */
  recordings(id: string): Promise<readonly RecordingInfo[]>;
  /** The content of one of them. */
  recording(
    id: string,
    name: string,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** Files that a replay feed can play. */
  candleFiles(): Promise<readonly CandleFile[]>;
  /** Models that a decision engine can ask, with their verdicts and states. */
  models(): Promise<readonly ModelInfo[]>;
  /** How the runtime stands that models run in; null where nobody knows. */
  modelRuntime(): Promise<RuntimeStatus | null>;
  /** Agents that are commanded as one. */
  teams: Teams;
  /** Stops that hold whatever else happens. */
  emergency: Emergency;
  /** Whether other processes may work over the same store. */
  readonly isShared: boolean;
  /** Hosts over one store; none where this process is the only one. */
  hosts(): readonly HostView[];
  /** Has a host give its agents away and end. @throws {AppError} HOST_NOT_FOUND */
  drainHost(id: string, caller: Caller): Promise<void>;
  /** Gives up a host that is gone for good: its agents that trade with money go on elsewhere, too. @throws {AppError} HOST_NOT_GONE */
  forgetHost(id: string, caller: Caller): Promise<void>;
  health(): FleetHealth;
  /** Why nothing that adds risk is taken now, in a sentence for people, or null. */
  heldReason(): string | null;
}
