/**
 * Between the text of a form and a configuration: every field by its JSON
 * pointer, both ways.
 *
 * @module
 */
import { MARKET_KINDS, PROFILED_EXCHANGES } from "../../contracts/venue.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import { agentConfigSchema } from "../../contracts/agent_config.ts";
import { CONFIRM_POINTER, isLiveForm } from "./live_rules.ts";

/** A field's content: text as typed, or a tick. */
export type FormValue = string | boolean;

/** Presets for a configuration that no template gives; the rest comes from the schema's defaults. */
const BLANK_INPUT = {
  name: "agent",
  type: "pattern_detector",
  symbol: "BTC/USDT",
  timeframe: "15m",
  risk: {
    initialCapital: "10000",
    leverage: 5,
    riskLevel: "moderate",
    maxDrawdownPct: 10,
    dailyLossLimit: "250",
    riskPerTradePct: 0.5,
  },
} as const;

/** Values of an agent without a template. */
export function blankValues(): Record<string, FormValue> {
  return {
    ...flatten(agentConfigSchema.parse(BLANK_INPUT)),
    "/name": "",
    "/exchangeKeyId": "",
    [CONFIRM_POINTER]: "",
    [SOURCES_POINTER]: "",
    "/feed/file": "",
    "/feed/hedgeFile": "",
    "/feed/speed": "max",
    "/feed/exchange": PROFILED_EXCHANGES[0],
    "/feed/market": MARKET_KINDS[0],
  };
}

/** Values of a template; the name is left to the person. */
export function templateValues(
  template: AgentTemplate,
): Record<string, FormValue> {
  return { ...blankValues(), ...flatten(template.config) };
}

/** Writes nested data as text by JSON pointer; what is not set is empty. */
export function flatten(data: unknown, prefix = ""): Record<string, FormValue> {
  if (data === null) return { [prefix]: "" };
  if (typeof data === "boolean") return { [prefix]: data };
  if (Array.isArray(data)) return { [prefix]: data.join(", ") };
  if (typeof data !== "object") {
    return { [prefix]: String(data) };
  }
  if (Array.isArray(data)) return { [prefix]: data.join(", ") };
  return Object.assign(
    {},
    ...Object.entries(data).map(([key, value]) =>
      flatten(value, `${prefix}/${key}`)
    ),
  );
}

/** The pointer within the configuration: a spawn request's `/config/name` is the form's `/name`. */
export function configPointer(pointer: string): string {
  return formPointer(
    pointer.startsWith("/config/") ? pointer.slice("/config".length) : pointer,
  );
}

/** The field of the agents that an agent listens to: names or ids, separated by commas. */
export const SOURCES_POINTER = "/sources";

// Money stays text; every other number is a number in the configuration.
const TEXT_FIELDS: readonly string[] = [
  "/name",
  "/type",
  "/symbol",
  "/timeframe",
  "/mode",
  "/exchangeKeyId",
  "/feed/kind",
  "/feed/file",
  "/feed/hedgeFile",
  "/feed/exchange",
  "/feed/market",
  "/risk/initialCapital",
  "/risk/riskLevel",
  "/risk/dailyLossLimit",
  "/safety/maxOrderNotional",
  "/safety/maxOrderQuantity",
  "/safety/maxPositionNotional",
  "/safety/maxAccountNotional",
];

/** Lists, written with commas between their items. */
const LIST_FIELDS: readonly string[] = ["/decision/models", SOURCES_POINTER];

/** The field of a form that a place in a configuration belongs to: of a list it is the list. */
export function formPointer(pointer: string): string {
  return LIST_FIELDS.find((list) => pointer.startsWith(`${list}/`)) ?? pointer;
}

/** Builds the configuration that the text stands for; what is no number stays text, so that the schema names it. */
export function toConfigInput(
  values: Readonly<Record<string, FormValue>>,
): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [pointer, value] of Object.entries(values)) {
    const isOfOtherFeed = pointer.startsWith("/feed/") &&
      !feedFields(values["/feed/kind"]).includes(pointer);
    if (isOfOtherFeed || pointer === CONFIRM_POINTER) continue;
    // An agent on paper has no key; where none is chosen the form says so.
    if (
      pointer === "/exchangeKeyId" && (value === "" || !isLiveForm(values))
    ) continue;
    // Most agents have no second market.
    if (pointer === "/feed/hedgeFile" && value === "") continue;
    assign(root, pointer.slice(1).split("/"), toInput(pointer, value));
  }
  return root;
}

/** Fields of a kind of feed. */
function feedFields(kind: FormValue | undefined): readonly string[] {
  switch (kind) {
    case "replay":
      return ["/feed/kind", "/feed/file", "/feed/hedgeFile", "/feed/speed"];
    case "exchange":
      return ["/feed/kind", "/feed/exchange", "/feed/market"];
    default:
      return ["/feed/kind"];
  }
}

/** What a field's text stands for; what is no number stays text, so that the schema names it. */
export function toInput(pointer: string, value: FormValue): unknown {
  if (typeof value === "boolean" || TEXT_FIELDS.includes(pointer)) return value;
  const text = value.trim();
  if (LIST_FIELDS.includes(pointer)) {
    return text.split(",").map((item) => item.trim()).filter(Boolean);
  }
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function assign(
  root: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): void {
  let node = root;
  for (const key of path.slice(0, -1)) {
    node[key] ??= {};
    node = node[key] as Record<string, unknown>;
  }
  const last = path.at(-1);
  if (last !== undefined) node[last] = value;
}
