/**
 * The ready-made teams. Starting points to test, not advice: none of them is
 * known to earn money.
 *
 * @module
 */
import type { TeamMember, TeamTemplate } from "../lib/contracts/team.ts";
import { BASE, FVG, ORDER_BLOCK, RISK, STRATEGIES } from "./templates/parts.ts";

/** Watches order blocks and fair value gaps, and tells what it would trade. */
const DETECTOR: TeamMember = {
  role: "detector",
  title: "Finds order blocks and fair value gaps, reports only",
  config: { ...BASE, signalsOnly: true },
};

/** Trades what the agents of these roles tell. */
function executorOf(...roles: readonly string[]): TeamMember {
  return {
    role: "executor",
    title: "Trades what it is told, and nothing of its own",
    config: {
      ...BASE,
      type: "executor",
      risk: RISK.conservative,
      sources: roles.map((role) => `@${role}`),
    },
  };
}

/** Market, costs and candle length that the models were trained and measured for. */
const OF_THE_MODELS = {
  symbol: "EUR/USD",
  timeframe: "1h",
  costs: {
    ...BASE.costs,
    takerFeeBp: 0.5,
    makerFeeBp: 0.5,
    slippageBp: 0.5,
  },
};

/** The member on the market of the models. */
function forModels(member: TeamMember): TeamMember {
  return { ...member, config: { ...member.config, ...OF_THE_MODELS } };
}

/** Passes on those setups of the detector that its models favour too. */
const ENGINE: TeamMember = forModels({
  role: "engine",
  title: "Lets its models vote on each setup of the detector, reports only",
  config: {
    ...BASE,
    type: "decision_engine",
    signalsOnly: true,
    sources: ["@detector"],
  },
});

/** Guards the agent that trades. */
const RISK_MANAGER: TeamMember = {
  role: "risk",
  title: "Lets the executor only reduce, or halts it, when a limit is reached",
  config: {
    ...BASE,
    type: "risk_manager",
    guard: { scope: { kind: "agents", agentIds: ["@executor"] } },
  },
};

/** Two strategies beside each other, to compare them. */
const TWO_DETECTORS: TeamTemplate = {
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
};

/** All of them, in the order in which they are shown. */
export const TEAM_TEMPLATES: readonly TeamTemplate[] = [
  {
    name: "smc-signals",
    title: "Detector, executor and risk manager",
    purpose:
      "A detector tells its setups, an executor trades them, a risk manager guards the executor's account. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Markets with legs and pullbacks, and wherever finding setups and trading them are to be set and watched apart.",
    risk:
      "It trades what one detector alone would trade, with its losses; the risk manager bounds them and finds no better trades.",
    members: [DETECTOR, executorOf("detector"), RISK_MANAGER],
  },
  {
    name: "smc-ml",
    title: "Detector, decision engine, executor and risk manager",
    purpose:
      "A detector tells its setups, models vote on each, an executor trades those that they favour too. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Where both the rules and the models see something that lasts. The models were trained on EUR/USD candles of one hour, up to 2015.",
    risk:
      "None of the three models beat its baselines on candles that it had not seen, as their cards say: fewer trades, and no better ones.",
    members: [
      forModels(DETECTOR),
      ENGINE,
      forModels(executorOf("engine")),
      forModels(RISK_MANAGER),
    ],
  },
  TWO_DETECTORS,
];
