import {
  BASE,
  FVG,
  LATENCY,
  ORDER_BLOCK,
  RISK,
  STRATEGIES,
  type TemplateDefinition,
} from "./parts.ts";

/** Templates that rest a limit order at a zone. */
export const ZONE_TEMPLATES: readonly TemplateDefinition[] = [
  {
    name: "order-block-conservative",
    title: "Order block retest, conservative",
    type: "pattern_detector",
    purpose:
      "Waits for the first return to a displaced order block of the larger swings and risks little on each trade. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Trending markets with clear legs, on timeframes where a stop is wide against the costs.",
    risk:
      "Many small losses in ranges: a block in a range is broken as often as it holds.",
    patterns: ["Order blocks", "BOS and CHoCH", "Liquidity pools"],
    riskLevel: "conservative",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      risk: RISK.conservative,
      // Three times the default swing and wait: fewer, larger structures, less weight of costs.
      detector: {
        ...BASE.detector,
        swingLength: 15,
        internalSwingLength: 5,
        maxZoneAgeCandles: 1500,
      },
      strategies: {
        ...STRATEGIES,
        orderBlock: { ...ORDER_BLOCK, maxAgeCandles: 150, stopBufferAtr: 0.25 },
        fvg: { ...FVG, enabled: false },
      },
      safety: { ...BASE.safety, breakerConsecutiveLosses: 5 },
    },
  },
  {
    name: "fvg-moderate",
    title: "Fair value gap, moderate",
    type: "pattern_detector",
    purpose:
      "Enters on the return into a large fair value gap in the direction of structure. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Impulsive markets, where price leaves gaps and comes back once before it goes on.",
    risk:
      "Strong moves fill a gap and do not stop; on short timeframes costs eat small gaps.",
    patterns: ["Fair value gaps", "BOS and CHoCH"],
    riskLevel: "moderate",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      strategies: {
        ...STRATEGIES,
        orderBlock: { ...ORDER_BLOCK, enabled: false },
      },
    },
  },
  {
    name: "structure-combined",
    title: "Order blocks and gaps together",
    type: "pattern_detector",
    purpose:
      "Runs both strategies with their defaults, one position at a time; for replays of one-minute candles. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Markets that alternate between legs and pullbacks; it needs many candles to say anything.",
    risk:
      "Two strategies lose together when structure turns often; costs weigh on one-minute candles.",
    patterns: [
      "Order blocks",
      "Fair value gaps",
      "BOS and CHoCH",
      "Liquidity pools",
    ],
    riskLevel: "moderate",
    version: 1,
    typicalLatency: LATENCY,
    config: BASE,
  },
  {
    name: "pattern-watch",
    title: "Pattern watch, no orders",
    type: "pattern_detector",
    purpose:
      "Reports patterns and the entries it would have planned, and places no orders.",
    whenItWorks: "Any market: it only watches.",
    risk: "None to the account; a signal is no advice.",
    patterns: [
      "Order blocks",
      "Fair value gaps",
      "BOS and CHoCH",
      "Liquidity sweeps",
    ],
    riskLevel: "conservative",
    version: 1,
    typicalLatency: LATENCY,
    config: { ...BASE, risk: RISK.conservative, signalsOnly: true },
  },
];
