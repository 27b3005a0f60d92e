/**
 * The ready-made configurations. Starting points to test, not advice: none of
 * them is known to earn money.
 *
 * @module
 */
import type {
  AgentTemplate,
  TemplateResult,
} from "../lib/contracts/template.ts";
import results from "./template_results.json" with { type: "json" };
import { MARKET_TEMPLATES } from "./templates/market_templates.ts";
import { MODEL_TEMPLATES } from "./templates/model_templates.ts";
import { ZONE_TEMPLATES } from "./templates/zone_templates.ts";

/** Written by `deno task templates`, by the name of the template. */
const RESULTS = results as unknown as Readonly<
  Record<string, readonly TemplateResult[]>
>;

/** All of them, with what each came to on data that everybody has. */
export const TEMPLATES: readonly AgentTemplate[] = [
  ...ZONE_TEMPLATES,
  ...MARKET_TEMPLATES,
  ...MODEL_TEMPLATES,
].map((definition) => ({
  ...definition,
  origin: "built_in",
  results: RESULTS[definition.name] ?? [],
}));
