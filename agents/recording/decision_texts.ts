import type { Output } from "../../actors/behavior.ts";
import { type AgentToDesk, LINKS } from "../../lib/contracts/links.ts";

/**
 * The decisions among the outputs of one turn that asked for something, each
 * as the text that is hashed. Decisions to do nothing are left out, and so is
 * how candles were grouped into messages.
 */
export function decisionTexts(outputs: readonly Output[] | string): string[] {
  if (typeof outputs === "string") return [];
  return outputs.flatMap((output) => {
    if (output.to !== "link" || output.link !== LINKS.desk) return [];
    const message = output.message as AgentToDesk;
    if (message.type === "attached" || message.actions.length === 0) return [];
    return [JSON.stringify([message.seq, message.actions], withoutRegime)];
  });
}

/**
 * A turn's outputs as what they decide, for telling whether two turns are the
 * same. The regime is told beside a decision and no part of it: recordings of
 * builds that did not tell it replay alike.
 */
export function decidedOutputs(
  outputs: readonly Output[] | string,
): readonly unknown[] | string {
  if (typeof outputs === "string") return outputs;
  return outputs.map((output) => {
    if (output.to !== "link" || output.link !== LINKS.desk) return output;
    const message = output.message as AgentToDesk;
    if (message.type === "attached") return output;
    const actions = message.actions.map((action) => {
      if (action.kind !== "submit") return action;
      const { regime: _, ...intent } = action.intent;
      return { ...action, intent };
    });
    return { ...output, message: { ...message, actions } };
  });
}

function withoutRegime(key: string, value: unknown): unknown {
  return key === "regime" ? undefined : value;
}
