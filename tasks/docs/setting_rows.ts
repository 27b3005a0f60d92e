import type { z } from "zod";

/** Head of a table of settings. */
export const SETTING_HEAD = ["setting", "preset", "range", "unit", "meaning"];

/** What the metadata of a setting may say. */
interface SettingMeta {
  label?: string;
  help?: string;
  unit?: string;
  min?: number;
  max?: number;
}

/** Rows of the settings of a block of the configuration, in its order. */
export function settingRows(
  block: string,
  schema: z.ZodObject,
): string[][] {
  const presets = schema.parse({}) as Record<string, unknown>;
  return Object.entries(schema.shape).map(([name, setting]) => {
    const meta = ((setting as z.ZodType).meta() ?? {}) as SettingMeta;
    const range = meta.min === undefined ? "–" : `${meta.min} to ${meta.max}`;
    const preset = presets[name];
    return [
      `\`${block}.${name}\``,
      Array.isArray(preset) ? preset.join(", ") : String(preset),
      range,
      meta.unit ?? "–",
      meta.help ?? "",
    ];
  });
}
