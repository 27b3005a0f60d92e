import type { JsonChange } from "../core/json_diff.ts";
import type { ConfigWarning } from "./agent.ts";

/**
 * When a changed field would hold:
 *
 * - `now`: as soon as it is saved
 * - `restart`: after the next restart of the agent
 * - `next_start`: the agent is not up; it starts with it
 * - `fixed`: never, an agent keeps it for its life
 */
export const CHANGE_EFFECTS = [
  "now",
  "restart",
  "next_start",
  "fixed",
] as const;
export type ChangeEffect = (typeof CHANGE_EFFECTS)[number];

/** One field that would change. */
export interface PreviewedChange extends JsonChange {
  effect: ChangeEffect;
}

/** `POST /api/agents/{id}/config/preview`: what a change would come to. */
export interface ConfigPreview {
  /** The version that it was compared with. */
  configVersion: number;
  valid: boolean;
  errors: readonly ConfigWarning[];
  warnings: readonly ConfigWarning[];
  /** Empty where nothing changes, or where it is no configuration at all. */
  changes: readonly PreviewedChange[];
}
