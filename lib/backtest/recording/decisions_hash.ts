import { createHash } from "node:crypto";
import type { RecordedTurn } from "../../../actors/recorded_behavior.ts";
import { type AgentDecided, LINKS } from "../../contracts/links.ts";

/** Hash of no decision at all. */
export const EMPTY_DECISIONS_HASH = "0".repeat(64);

/**
 * Chains the decisions among the outputs of one turn: SHA-256 over the hash so
 * far and every decision that asked for something. Decisions to do nothing are
 * left out, and so is how candles were grouped into messages; two runs with one
 * hash decided the same on the same candles.
 */
export function chainDecisionsHash(
  hash: string,
  outputs: RecordedTurn["outputs"],
): { hash: string; decisions: number } {
  let decisions = 0;
  if (typeof outputs === "string") return { hash, decisions };
  for (const output of outputs) {
    if (output.to !== "link" || output.link !== LINKS.desk) continue;
    const message = output.message as AgentDecided | { type: "attached" };
    if (message.type !== "decided" || message.actions.length === 0) continue;
    const text = JSON.stringify([message.seq, message.actions]);
    hash = createHash("sha256").update(hash).update(text).digest("hex");
    decisions++;
  }
  return { hash, decisions };
}
