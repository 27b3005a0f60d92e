import { usageError } from "./errors.ts";
import { suggest } from "../core/nearest.ts";

/** Settings that a template may leave to their defaults. */
const OPTIONAL_KEYS = [
  "mode",
  "seed",
  "signalsOnly",
  "sources",
  "record",
  "feed.file",
  "feed.speed",
];

/**
 * Writes `key=value` into a configuration, for instance `risk.leverage=5`. The
 * value takes the type of the one it replaces; the server checks the range.
 *
 * @throws {CliError} If there is no such setting or the value has another type.
 */
export function applySetting(
  config: Record<string, unknown>,
  setting: string,
): void {
  const at = setting.indexOf("=");
  if (at < 1) {
    throw usageError(
      `--set is "${setting}"; give key=value, for instance --set risk.leverage=5`,
    );
  }
  const key = setting.slice(0, at);
  const text = setting.slice(at + 1);
  const known = [...leafKeys(config), ...OPTIONAL_KEYS];
  if (!known.includes(key)) {
    const group = known.filter((name) => name.startsWith(`${key}.`));
    throw usageError(
      group.length > 0
        ? `--set ${key} is a group; set one of ${group.join(", ")}`
        : `There is no setting "${key}".${suggest(key, known)}`,
      `The settings are: ${known.join(", ")}`,
    );
  }
  const path = key.split(".");
  const last = path.pop()!;
  let target = config;
  for (const part of path) {
    target = target[part] as Record<string, unknown>;
  }
  target[last] = toValue({ key, text, before: target[last] });
}

function toValue(
  { key, text, before }: { key: string; text: string; before: unknown },
): unknown {
  if (Array.isArray(before)) {
    return text.split(",").map((item) => item.trim()).filter(Boolean);
  }
  switch (typeof before) {
    case "boolean":
      return toBoolean(key, text);
    case "number":
      return toNumber(key, text);
    case "string":
      return text;
    default:
      // Not in the template: the text decides, and the server checks.
      if (text === "true" || text === "false") return text === "true";
      return text.trim() !== "" && Number.isFinite(Number(text))
        ? Number(text)
        : text;
  }
}

function toBoolean(key: string, text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw usageError(`--set ${key} is "${text}"; give true or false`);
}

function toNumber(key: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw usageError(`--set ${key} is "${text}"; give a number`);
}

/** Dotted paths of all values that are no objects themselves. */
function leafKeys(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? leafKeys(inner, `${prefix}${name}.`)
      : [`${prefix}${name}`]
  );
}
