import type { EmergencyDeskState } from "../../contracts/emergency.ts";
import type { GlyphName, Tone } from "../words.ts";

/** What the chip in the bar says of trading on the whole. */
export interface TradingStanding {
  word: string;
  meaning: string;
  glyph: GlyphName;
  tone: Tone;
}

/** Whether the fleet may trade, from the stops that are in force. */
export function tradingStanding(
  { latches, fileProblem }: Pick<EmergencyDeskState, "latches" | "fileProblem">,
): TradingStanding {
  if (latches.some(({ scope }) => scope.kind === "all")) {
    return {
      word: "Stopped",
      meaning: "An emergency stop is in force: no agent takes a new position",
      glyph: "stop",
      tone: "danger",
    };
  }
  if (latches.length > 0) {
    return {
      word: "Partly stopped",
      meaning: "Emergency stops are in force for some of the agents",
      glyph: "pause",
      tone: "warn",
    };
  }
  if (fileProblem !== null) {
    return {
      word: "Not certain",
      meaning: fileProblem,
      glyph: "warn",
      tone: "warn",
    };
  }
  return {
    word: "Active",
    meaning: "No emergency stop is in force: agents that run may trade",
    glyph: "dot",
    tone: "ok",
  };
}
