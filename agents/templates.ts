/**
 * The ready-made configurations. Starting points to test, not advice: none of
 * them is known to earn money.
 *
 * @module
 */
import type { AgentTemplate } from "../lib/contracts/template.ts";
import { TEMPLATE_RESULTS } from "./template_results.ts";
import { MARKET_TEMPLATES } from "./templates/market_templates.ts";
import { ZONE_TEMPLATES } from "./templates/zone_templates.ts";

/** All of them, with what each came to on data that everybody has. */
export const TEMPLATES: readonly AgentTemplate[] = [
  ...ZONE_TEMPLATES,
  ...MARKET_TEMPLATES,
].map((definition) => ({
  ...definition,
  origin: "built_in",
  results: TEMPLATE_RESULTS[definition.name] ?? [],
}));
