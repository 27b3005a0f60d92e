/**
 * The ready-made teams. Starting points to test, not advice: none of them is
 * known to earn money.
 *
 * @module
 */
import type { TeamTemplate } from "../lib/contracts/team.ts";
import { BASE, FVG, ORDER_BLOCK, RISK, STRATEGIES } from "./templates/parts.ts";

/** All of them, by the order in which they are shown. */
export const TEAM_TEMPLATES: readonly TeamTemplate[] = [
  {
    name: "two-detectors",
    title: "Two detectors on one market",
    purpose:
      "One detector trades order blocks, the other fair value gaps, each at low risk with books of its own. A rule set to test: no edge is claimed.",
    whenItWorks: "To compare two strategies on the same candles, side by side.",
    risk:
      "Both can be in the market at once and lose on the same move: the worst cases add up.",
    members: [
      {
        role: "blocks",
        title: "Order blocks",
        config: {
          ...BASE,
          risk: RISK.conservative,
          strategies: {
            ...STRATEGIES,
            orderBlock: ORDER_BLOCK,
            fvg: { ...FVG, enabled: false },
          },
        },
      },
      {
        role: "gaps",
        title: "Fair value gaps",
        config: {
          ...BASE,
          risk: RISK.conservative,
          strategies: {
            ...STRATEGIES,
            orderBlock: { ...ORDER_BLOCK, enabled: false },
            fvg: FVG,
          },
        },
      },
    ],
  },
];
