/**
 * Two changes of the same configuration, brought together field by field. Pure.
 *
 * @module
 */
import type { AgentConfig } from "../../contracts/agent_config.ts";
import { jsonDiff } from "../../core/json_diff.ts";
import { readPointer, withPointer } from "../../core/json_pointer.ts";

/** Whose value is taken. */
export type Side = "theirs" | "yours";

/** A field on which the three differ. */
export interface MergeRow {
  pointer: string;
  base: unknown;
  theirs: unknown;
  yours: unknown;
  /** Who changed it. */
  changedBy: Side | "both";
}

/** The three configurations. */
export interface MergeInput {
  /** What was seen when editing began. */
  base: AgentConfig;
  /** What is stored now. */
  theirs: AgentConfig;
  yours: AgentConfig;
}

/** Fields that either side changed; where both came to the same there is nothing to choose. */
export function mergeRows({ base, theirs, yours }: MergeInput): MergeRow[] {
  const byThem = new Set(jsonDiff(base, theirs).map(pointerOf));
  const byYou = new Set(jsonDiff(base, yours).map(pointerOf));
  const rows = [...new Set([...byThem, ...byYou])].map((
    pointer,
  ): MergeRow => ({
    pointer,
    base: readPointer(base, pointer),
    theirs: readPointer(theirs, pointer),
    yours: readPointer(yours, pointer),
    changedBy: byThem.has(pointer)
      ? byYou.has(pointer) ? "both" : "theirs"
      : "yours",
  }));
  return rows.filter((row) =>
    JSON.stringify(row.theirs) !== JSON.stringify(row.yours)
  );
}

/** What is taken where nobody has chosen: the only change; null where both changed it. */
export function presetSide({ changedBy }: MergeRow): Side | null {
  return changedBy === "both" ? null : changedBy;
}

/** What is stored now with the chosen fields of yours in it. */
export function mergeConfigs(
  { theirs }: Pick<MergeInput, "theirs">,
  rows: readonly MergeRow[],
  choices: Readonly<Record<string, Side>>,
): unknown {
  let merged: unknown = theirs;
  for (const row of rows) {
    const side = choices[row.pointer] ?? presetSide(row);
    if (side === "yours") merged = withPointer(merged, row.pointer, row.yours);
  }
  return merged;
}

function pointerOf({ pointer }: { pointer: string }): string {
  return pointer;
}
