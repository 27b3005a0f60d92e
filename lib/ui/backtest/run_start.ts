/**
 * What the form of a run starts from: a template, an agent, an earlier run, or
 * what somebody has sent without script. Pure.
 *
 * @module
 */
import type { AgentConfig, AgentType } from "../../contracts/agent_config.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import type { BacktestRequest, Study } from "../../contracts/backtest.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import { whyUntestable } from "../../contracts/testable.ts";
import { configValues, FIRST_VALUES, type RunValues } from "./run_form.ts";

/** An agent whose configuration may be tested. */
export interface TestableAgent {
  id: string;
  name: string;
  type: AgentType;
  /** Name of its team; null for an agent of its own. */
  team: string | null;
}

/** Why an agent's configuration cannot be tested, as a part of a sentence; null where it can. */
export function agentRefusal({ type }: Pick<TestableAgent, "type">) {
  const reason = whyUntestable(type);
  return reason === null ? null : `${AGENT_TYPE_WORDS[type].short}: ${reason}`;
}

/** A form as it is first shown. */
export interface RunStart {
  /** `template:name`, `agent:id` or `run:id`. */
  source: string;
  config: RunValues;
  run: RunValues;
  /** What the test does otherwise than its source, in sentences. */
  notes: readonly string[];
  /** What is wrong with what was sent, by pointer of the form. */
  refused: Readonly<Record<string, string>>;
  problem: string | null;
}

const NOTHING_WRONG = { refused: {}, problem: null } as const;

/** The form where there is nothing to start from. */
export function emptyStart(): RunStart {
  const config = {};
  return { source: "", config, run: FIRST_VALUES, notes: [], ...NOTHING_WRONG };
}

/** The form of a configuration over the candles that are chosen first. */
export function startOf(
  source: string,
  config: AgentConfig,
  run: RunValues = FIRST_VALUES,
): RunStart {
  return { source, ...testedValues(config), run, ...NOTHING_WRONG };
}

/** The same of a template, which has no name of an agent: the run takes its own as the label. */
export function startOfTemplate(
  { name, config }: AgentTemplate,
  run: RunValues = FIRST_VALUES,
): RunStart {
  return startOf(`template:${name}`, { ...config, name }, run);
}

/** The form of an earlier run, all of it. */
export function startOfRun(id: string, request: BacktestRequest): RunStart {
  return startOf(`run:${id}`, request.config, runValues(request));
}

/** Values of a configuration for a test of it alone: it trades, and by itself. */
export function testedValues(
  config: AgentConfig,
): Pick<RunStart, "config" | "notes"> {
  const notes: string[] = [];
  if (config.signalsOnly) {
    notes.push(
      "This agent only reports signals; the test trades them, because without a trade there is no result.",
    );
  }
  if (config.sources.length > 0) {
    notes.push(
      "This agent listens to others; a test runs one agent, so it decides without their signals.",
    );
  }
  return {
    config: {
      ...configValues({ ...config, sources: [], signalsOnly: false }),
      "/name": config.name.slice(0, 40),
    },
    notes,
  };
}

/** Values of the fields beside the configuration. */
export function runValues(request: BacktestRequest): RunValues {
  const { data, study } = request;
  return {
    ...FIRST_VALUES,
    ...(data.kind === "simulated"
      ? {
        "/data/kind": "simulated",
        "/data/candles": String(data.candles),
        "/data/dataSeed": String(data.seed),
      }
      : {
        "/data/kind": "file",
        "/data/file": data.file,
        "/data/hedgeFile": data.hedgeFile ?? "",
        "/data/from": data.from?.slice(0, 10) ?? "",
        "/data/to": data.to?.slice(0, 10) ?? "",
      }),
    ...studyValues(study),
    "/lookAheadCheck": request.lookAheadCheck,
    "/monteCarloRuns": String(request.monteCarloRuns),
    "/randomEntryRuns": String(request.randomEntryRuns),
  };
}

function studyValues(study: Study): RunValues {
  if (study.kind === "single") return { "/study/kind": "single" };
  return {
    "/study/kind": study.kind,
    "/study/objective": study.objective,
    "/study/grid": Object.entries(study.grid)
      .map(([path, values]) => `${path} = ${values.join(", ")}`).join("\n"),
    ...(study.kind === "sweep" ? {} : {
      "/study/folds": String(study.folds),
      "/study/trainPct": String(study.trainPct),
    }),
  };
}

/** The form as somebody has filled it in and sent it; what was not sent stays as it was. */
export function sentStart(
  start: RunStart,
  sent: (name: string) => string | null,
): RunStart {
  return {
    ...start,
    config: sentValues(start.config, sent),
    run: sentValues(start.run, sent),
  };
}

function sentValues(
  values: RunValues,
  sent: (name: string) => string | null,
): RunValues {
  return Object.fromEntries(
    Object.entries(values).map(([pointer, preset]) => {
      const text = sent(pointer);
      if (text === null) return [pointer, preset];
      return [pointer, typeof preset === "boolean" ? text === "on" : text];
    }),
  );
}
