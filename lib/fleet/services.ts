import { validateFor } from "./commands/checks.ts";
import { changeConfig } from "./commands/configure.ts";
import { previewConfig } from "./config_preview.ts";
import { readDecisions } from "./decisions.ts";
import { controlAgent, retire } from "./commands/control.ts";
import { settleOrder } from "./commands/settle_order.ts";
import { spawnAgent } from "./commands/spawn.ts";
import { readConfigHistory } from "./config_history.ts";
import { readLatency } from "./latency.ts";
import { createAnalytics } from "./analytics/analytics.ts";
import type { FleetContext } from "./context.ts";
import { readRisk } from "./guards/risk_reports.ts";
import { createFleetRisk } from "./risk/fleet_risk.ts";
import { readModelRuntime } from "./inference.ts";
import type { Fleet } from "./port.ts";
import { readChart, readHealth, readPerformance } from "./queries.ts";
import { Library } from "./library.ts";
import { templateOfAgent } from "./templates/agent_template.ts";
import { toTemplateFile } from "./templates/template_file.ts";
import { TemplateService } from "./templates/template_service.ts";
import { agentUses } from "./quotas.ts";
import { drainHost, forgetHost } from "./cluster/commands.ts";
import { createTeams } from "./teams/team_service.ts";
import { toDetail, toView } from "./view.ts";
import { readResources } from "./usage/resources_of.ts";
import type { FleetOptions } from "./fleet.ts";

function hostCalls(
  context: FleetContext,
): Pick<Fleet, "isShared" | "hosts" | "drainHost" | "forgetHost"> {
  return {
    isShared: context.cluster !== null,
    hosts: () => context.cluster?.list() ?? [],
    drainHost: (id, caller) => drainHost(context, id, caller),
    forgetHost: (id, caller) => forgetHost(context, id, caller),
  };
}

function riskCalls(
  context: FleetContext,
): Pick<Fleet, "risk" | "guarded" | "riskOfAll"> {
  const { agents, guards } = context;
  return {
    risk: (id) => Promise.resolve(readRisk(context, agents.require(id))),
    guarded: (id) =>
      guards.guardedBy(agents.require(id)).map(({ record }) => record.id),
    riskOfAll: createFleetRisk(context),
  };
}

function templateCalls(
  context: FleetContext,
  templates: TemplateService,
): Pick<
  Fleet,
  | "templates"
  | "exportTemplate"
  | "exportAgentTemplate"
  | "importTemplate"
  | "keepTemplates"
  | "removeTemplate"
> {
  return {
    templates: () => templates.list(),
    exportTemplate: (name) => templates.export(name),
    exportAgentTemplate: (id, name) =>
      toTemplateFile(
        templateOfAgent(context.agents.require(id).record.config, name),
      ),
    importTemplate: (file, caller) => templates.import(file, caller),
    keepTemplates: (parts, caller) => templates.keep(parts, caller),
    removeTemplate: (name, caller) => templates.remove(name, caller),
  };
}

function libraryCalls(
  context: FleetContext,
  library: Library,
): Pick<Fleet, "candleFiles" | "models" | "modelRuntime"> {
  return {
    candleFiles: () => library.candleFiles(),
    models: () => library.models(),
    modelRuntime: () => readModelRuntime(context),
  };
}

function commandCalls(
  context: FleetContext,
): Pick<Fleet, "control" | "settleOrder" | "remove"> {
  const { agents } = context;
  return {
    control: (id, request, caller) =>
      controlAgent(context, agents.require(id), { request, caller }),
    settleOrder: (id, order, caller) =>
      settleOrder(context, agents.require(id), { order, caller }),
    remove: (id, caller) => retire(context, agents.require(id), caller),
  };
}

/** What may be asked of the fleet of this process. */
export function services(
  context: FleetContext,
  options: FleetOptions,
  templates: TemplateService,
): Fleet {
  const library = new Library(context, options);
  return {
    ...templateCalls(context, templates),
    list: () => context.agents.all().map(toView),
    quotas: (userId) => [...agentUses(context, userId), templates.use()],
    get: (id) => toDetail(context.agents.require(id), context.agents),
    validate: (input, caller) =>
      validateFor(context, input, { caller, ...library.known() }),
    spawn: async (request, caller) =>
      await spawnAgent(context, request, {
        caller,
        ...await library.refresh(),
      }),
    ...commandCalls(context),
    updateConfig: async (id, config, { expectedVersion, caller }) =>
      await changeConfig(context, context.agents.require(id), {
        caller,
        ...await library.refresh(),
        config,
        expectedVersion,
      }),
    previewConfig: (id, input, caller) =>
      previewConfig(context, context.agents.require(id), {
        input,
        caller,
        ...library.known(),
      }),
    chart: (id, query) => readChart(context, context.agents.require(id), query),
    decisions: (id) => readDecisions(context, context.agents.require(id)),
    performance: (id) =>
      Promise.resolve(readPerformance(context.agents.require(id))),
    ...riskCalls(context),
    resources: (id) =>
      Promise.resolve(readResources(context, context.agents.require(id))),
    analytics: createAnalytics(context),
    latency: (id) => readLatency(context, context.agents.require(id)),
    configHistory: async (id, page) =>
      await readConfigHistory(context, context.agents.require(id), page),
    trades: (id, page) =>
      context.store.agents.trades(context.agents.require(id).record.id, page),
    recordings: (id) =>
      context.recordings.list(context.agents.require(id).record.id),
    recording: (id, name) =>
      context.recordings.open(context.agents.require(id).record.id, name),
    ...libraryCalls(context, library),
    teams: createTeams(context, () => library.refresh()),
    emergency: context.emergency,
    ...hostCalls(context),
    health: () => readHealth(context),
    heldReason: () => context.storage.problem,
  };
}
