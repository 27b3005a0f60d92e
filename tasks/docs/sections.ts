/**
 * The generated sections of the documentation: each is a table of what the code
 * says.
 *
 * @module
 */
import { FEATURES } from "../../agents/decision/feature_list.ts";
import * as featureLimits from "../../agents/decision/limits.ts";
import * as engineLimits from "../../agents/ensemble/limits.ts";
import { ACTOR_ERRORS, renderLifecycleTable } from "../../actors/mod.ts";
import * as actorLimits from "../../actors/limits.ts";
import * as guardLimits from "../../agents/guard/limits.ts";
import * as portfolioRiskLimits from "../../agents/risk/portfolio/limits.ts";
import {
  RISK_MEASURES,
  type RiskMeasureName,
} from "../../agents/risk/portfolio/rule_measures.ts";
import { LAYERS } from "../../lib/build/layers.ts";
import {
  ALERT_CLASS_NAMES,
  ALERT_CLASSES,
} from "../../lib/contracts/alerts/classes.ts";
import { DEAD_LETTER_REASONS } from "../../lib/contracts/dead_letter.ts";
import { decisionConfigSchema } from "../../lib/contracts/decision_config.ts";
import { executionConfigSchema } from "../../lib/contracts/execution_config.ts";
import { LATENCY_STAGES, SIGNAL_STAGES } from "../../lib/contracts/latency.ts";
import { DENIAL_CAUSES, REFUSAL_CAUSES } from "../../lib/contracts/order.ts";
import { ACTION_WORDS, proofWord } from "../../lib/contracts/action_words.ts";
import { ACTIONS, permissionOf } from "../../lib/contracts/policy.ts";
import { PROBLEMS } from "../../lib/contracts/problem.ts";
import { ENV_VARIABLES } from "../../lib/core/env.ts";
import { EXIT_CODES } from "../../lib/core/exit_codes.ts";
import * as guardDeskLimits from "../../lib/desk/guard/limits.ts";
import * as deskLimits from "../../lib/desk/limits.ts";
import { VENUE_OPERATIONS } from "../../lib/exchange/budget/breaker.ts";
import * as budgetLimits from "../../lib/exchange/budget/limits.ts";
import { RETRY_RULES } from "../../lib/exchange/budget/retry_plan.ts";
import { PAPER_REJECTIONS } from "../../lib/exchange/paper_venue/rejections.ts";
import { KEY_FAMILIES } from "../../lib/store/families.ts";
import * as storeLimits from "../../lib/store/limits.ts";
import {
  type DocumentedConstant,
  documentedConstants,
  documentedEntries,
} from "./constants.ts";
import { DENIAL_HEAD, denialRows } from "./denial_rows.ts";
import { ENDPOINT_HEAD, endpointRows } from "./endpoint_rows.ts";
import {
  EXCHANGE_HEAD,
  EXCHANGE_STOP_HEAD,
  exchangeCodeRows,
  exchangeRows,
  exchangeStopRows,
} from "./exchange_rows.ts";
import {
  GUARD_RULE_HEAD,
  guardRuleRows,
  guardSettingRows,
} from "./guard_rows.ts";
import { METRIC_HEAD, metricRows } from "./metric_rows.ts";
import { MODEL_HEAD, modelRows } from "./model_rows.ts";
import { HEADER_HEAD, headerRows } from "./header_rows.ts";
import { PACKAGE_HEAD, packageRows } from "./package_rows.ts";
import { PARAMETER_HEAD, parameterRows } from "./parameter_rows.ts";
import { RESOURCE_HEAD, resourceRows } from "./resource_rows.ts";
import { SHORTCUT_HEAD, shortcutRows } from "./shortcut_rows.ts";

const ROOT = new URL("../../", import.meta.url);

/** Every generated section by name, as Markdown. */
export const SECTIONS: Readonly<Record<string, () => string>> = {
  metrics: () => table(METRIC_HEAD, metricRows()),
  shortcuts: () => table(SHORTCUT_HEAD, shortcutRows()),
  environment: () =>
    table(["variable", "default", "meaning"], [
      ...Object.entries(ENV_VARIABLES).map(([name, { preset, help }]) => [
        `\`${name}\``,
        preset === "" ? "–" : `\`${preset}\``,
        help,
      ]),
    ]),
  alertClasses: () =>
    table(["class", "what", "when", "severities"], [
      ...ALERT_CLASS_NAMES.map((name) => {
        const { label, when, severities } = ALERT_CLASSES[name];
        return [`\`${name}\``, label, when, severities.join(", ")];
      }),
    ]),
  lifecycle: renderLifecycleTable,
  packages: () => table(PACKAGE_HEAD, packageRows()),
  securityHeaders: () => table(HEADER_HEAD, headerRows()),
  resourceModels: () => table(RESOURCE_HEAD, resourceRows()),
  layers: () =>
    table(
      ["layer", "what", "may import", "types of"],
      LAYERS.map(({ path, what, imports, types = [] }) => [
        `\`${path}\``,
        what,
        names(imports),
        names(types),
      ]),
    ),
  endpoints: () => table(ENDPOINT_HEAD, endpointRows()),
  problems: () =>
    table(
      ["code", "status", "meaning"],
      Object.entries(PROBLEMS).map(([code, { status, title }]) => [
        `\`${code}\``,
        String(status),
        title,
      ]),
    ),
  denials: () => table(DENIAL_HEAD, denialRows()),
  refusalCauses: () =>
    table(["class", "meaning", "denials"], [
      ...Object.entries(REFUSAL_CAUSES).map(([cause, meaning]) => [
        `\`${cause}\``,
        meaning,
        names(
          Object.entries(DENIAL_CAUSES).filter(([, of]) => of === cause)
            .map(([code]) => code),
        ),
      ]),
    ]),
  latencyStages: () => words(["stage", "meaning"], LATENCY_STAGES),
  retries: () =>
    table(["failure", ...VENUE_OPERATIONS], [
      ...Object.entries(RETRY_RULES).map(([kind, rules]) => [
        `\`${kind}\``,
        ...VENUE_OPERATIONS.map((operation) => rules[operation].says),
      ]),
    ]),
  execution: () =>
    table(PARAMETER_HEAD, parameterRows(executionConfigSchema, "execution")),
  signalStages: () => words(["stage", "from → to"], SIGNAL_STAGES),
  paperRejections: () =>
    words(["code of the paper venue", "meaning"], PAPER_REJECTIONS),
  budgetLimits: () => limits("lib/exchange/budget/limits.ts", budgetLimits),
  policy: () =>
    table(["action", "you may …", "own", "anybody's", "fresh proof"], [
      ...ACTIONS.map((action) => {
        const { own, any } = permissionOf(action);
        return [
          `\`${action}\``,
          ACTION_WORDS[action],
          own ?? any ?? "",
          any ?? "nobody",
          proofWord(action),
        ];
      }),
    ]),
  exitCodes: () =>
    entries(["exit code", "meaning"], {
      file: "lib/core/exit_codes.ts",
      entries: EXIT_CODES,
      cells: ({ name, value, meaning }) => [`\`${value}\` ${name}`, meaning],
    }),
  deadLetters: () =>
    entries(["reason", "meaning"], {
      file: "lib/contracts/dead_letter.ts",
      entries: Object.fromEntries(
        DEAD_LETTER_REASONS.map((reason) => [reason, reason]),
      ),
      cells: ({ name, meaning }) => [`\`${name}\``, meaning],
    }),
  actorErrors: () =>
    entries(["code", "status", "meaning"], {
      file: "actors/errors.ts",
      entries: ACTOR_ERRORS,
      cells: ({ name, value, meaning }) => [`\`${name}\``, value, meaning],
    }),
  retention: () =>
    table(["keys", "what one entry is", "bound"], [
      ...Object.entries(KEY_FAMILIES).map(([name, { what, bound }]) => [
        `\`${name}\``,
        what,
        bound,
      ]),
    ]),
  exchanges: () => table(EXCHANGE_HEAD, exchangeRows()),
  exchangeStops: () => table(EXCHANGE_STOP_HEAD, exchangeStopRows()),
  exchangeCodes: () =>
    table(["class in ccxt", "means", "codes"], exchangeCodeRows()),
  features: () =>
    table(
      ["place", "feature", "unit", "range", "meaning"],
      FEATURES.map(({ meaning, name, range: [least, most], unit }, place) => [
        String(place),
        `\`${name}\``,
        unit,
        `${least} to ${most}`.replaceAll("-", "−"),
        meaning,
      ]),
    ),
  decisionSettings: () =>
    table(PARAMETER_HEAD, parameterRows(decisionConfigSchema, "decision")),
  engineLimits: () => limits("agents/ensemble/limits.ts", engineLimits),
  models: () => table(MODEL_HEAD, modelRows()),
  featureLimits: () => limits("agents/decision/limits.ts", featureLimits),
  riskMeasures: () =>
    entries(["measure", "worse", "unit", "code", "meaning"], {
      file: "lib/contracts/risk.ts",
      entries: RISK_MEASURES,
      cells: ({ name, meaning }) => {
        const measure = RISK_MEASURES[name as RiskMeasureName];
        return [
          `\`${name}\``,
          measure.worse,
          measure.unit === "" ? "–" : measure.unit,
          `\`${measure.code}\``,
          meaning,
        ];
      },
    }),
  guardSettings: () =>
    table(["setting", "preset", "meaning"], guardSettingRows()),
  guardRules: () => table(GUARD_RULE_HEAD, guardRuleRows()),
  guardLimits: () => limits("agents/guard/limits.ts", guardLimits),
  guardDeskLimits: () => limits("lib/desk/guard/limits.ts", guardDeskLimits),
  riskLimits: () =>
    limits("agents/risk/portfolio/limits.ts", portfolioRiskLimits),
  actorLimits: () => limits("actors/limits.ts", actorLimits),
  deskLimits: () => limits("lib/desk/limits.ts", deskLimits),
  storeLimits: () => limits("lib/store/limits.ts", storeLimits),
};

/** A table of codes with what each means. */
function words(
  head: readonly string[],
  meanings: Readonly<Record<string, string>>,
): string {
  return table(
    head,
    Object.entries(meanings).map(([code, meaning]) => [
      `\`${code}\``,
      meaning,
    ]),
  );
}

/** A table of documented entries of an object literal. */
function entries(
  head: readonly string[],
  options: {
    file: string;
    entries: Readonly<Record<string, unknown>>;
    cells: (entry: DocumentedConstant) => string[];
  },
): string {
  const source = Deno.readTextFileSync(new URL(options.file, ROOT));
  return table(
    head,
    documentedEntries(source, options.entries).map(options.cells),
  );
}

/** A table of the constants of a `limits.ts`. */
function limits(file: string, module: Readonly<Record<string, unknown>>) {
  const source = Deno.readTextFileSync(new URL(file, ROOT));
  return table(
    ["limit", "value", "meaning"],
    documentedConstants(source, module).map(({ name, value, meaning }) => [
      `\`${name}\``,
      value,
      meaning,
    ]),
  );
}

function names(paths: readonly string[]): string {
  return paths.length === 0
    ? "–"
    : paths.map((path) => `\`${path}\``).join(", ");
}

/** A Markdown table, padded as `deno fmt` would. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]!.length))
  );
  const line = (cells: readonly string[]) =>
    `| ${
      cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")
    } |`;
  return [
    line(head),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
  ].join("\n");
}
