/**
 * Rows about the settings of a risk manager, from its schema.
 *
 * @module
 */
import { guardConfigSchema } from "../../lib/contracts/guard_config.ts";
import { RISK_MEASURE_NAMES, RISK_MEASURES } from "../../lib/contracts/risk.ts";

/** Settings of the block `guard` but for scope and rules: name, preset, meaning. */
export function guardSettingRows(): string[][] {
  const presets = guardConfigSchema.parse({});
  return Object.entries(guardConfigSchema.shape)
    .filter(([name]) => name !== "scope" && name !== "rules")
    .map(([name, schema]) => {
      const { help = "", unit = "" } = schema.meta() ?? {};
      const preset = presets[name as keyof typeof presets];
      return [`\`${name}\``, `${preset} ${unit}`.trimEnd(), String(help)];
    });
}

/** Head of {@link guardRuleRows}. */
export const GUARD_RULE_HEAD = [
  "rule",
  "in force",
  "warning",
  "limit",
  "release",
  "action",
  "latched",
];

/** The presets of each rule. */
export function guardRuleRows(): string[][] {
  const { rules } = guardConfigSchema.parse({});
  return RISK_MEASURE_NAMES.map((measure) => {
    const { enabled, warning, limit, release, action, latched } =
      rules[measure];
    const { unit } = RISK_MEASURES[measure];
    const figure = (value: number) => `${value} ${unit}`.trimEnd();
    return [
      `\`${measure}\``,
      enabled ? "yes" : "no",
      figure(warning),
      figure(limit),
      figure(release),
      action,
      latched ? "yes" : "no",
    ];
  });
}
