/**
 * What a layer is, and what several of them may import.
 *
 * @module
 */

/** What the files of one folder may import of ours. */
export interface Layer {
  /** Folder, or one file that differs from its folder; the longest match counts. */
  path: string;
  /** Folders and files whose values may be imported; the layer itself always. */
  imports: readonly string[];
  /** Folders and files of which only types may be imported. */
  types?: readonly string[];
  /** What the layer is, for the docs. */
  what: string;
}

/** What has no effects. */
export const CORE = ["lib/core"] as const;
/** That, and the nouns and schemas. */
export const CONTRACTS = ["lib/core", "lib/contracts"] as const;
/** What a pure agent may know. */
export const PURE_AGENT = {
  imports: [
    ...CORE,
    "agents",
    "lib/contracts/guard.ts",
    "lib/contracts/hedge.ts",
    "lib/contracts/links.ts",
    "lib/contracts/pattern.ts",
    "lib/contracts/risk.ts",
    "lib/contracts/signal.ts",
  ],
  types: [
    "lib/contracts",
    "actors/behavior.ts",
    "actors/program.ts",
    "actors/recorded_behavior.ts",
  ],
} as const;
