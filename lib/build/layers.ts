/**
 * Who may import whom. The lint plugin applies this table to every import, the
 * architecture test to the whole graph, and docs/architecture.md shows it.
 *
 * @module
 */

import { CONTRACTS, CORE, type Layer, PURE_AGENT } from "./layer.ts";

export type { Layer };

/** The layers, lowest first. */
export const LAYERS: readonly Layer[] = [
  {
    path: "lib/core",
    imports: [],
    what: "Decimals, results, assertions, ids: no effects",
  },
  { path: "lib/core/version.ts", imports: ["deno.json"], what: "Version" },
  {
    path: "lib/contracts",
    imports: CORE,
    what: "Nouns and schemas shared by all layers",
  },
  {
    path: "actors",
    imports: [...CORE, "lib/contracts/lifecycle.ts"],
    what: "The actor runtime: knows nothing about trading",
  },
  {
    path: "agents",
    ...PURE_AGENT,
    what: "The trading domain: pure and deterministic",
  },
  {
    path: "agents/mod.ts",
    imports: [...CONTRACTS, "agents"],
    types: ["actors"],
    what: "Registry of agent types, read by the main isolate",
  },
  {
    path: "agents/worker.ts",
    imports: ["actors", "agents"],
    what: "Entry of the worker of every agent that trades",
  },
  {
    path: "agents/guard_worker.ts",
    imports: ["actors", "agents"],
    what: "Entry of the worker of every risk manager",
  },
  {
    path: "lib/store",
    imports: CONTRACTS,
    what: "Deno KV behind a typed port",
  },
  {
    path: "lib/exchange",
    imports: CONTRACTS,
    types: ["actors"],
    what: "Market data: simulated and replayed feeds",
  },
  {
    path: "lib/exchange/worker.ts",
    imports: ["actors", "lib/exchange"],
    what: "Entry of the feed workers",
  },
  {
    path: "lib/exchange/paper",
    imports: [...CONTRACTS, "agents/execution"],
    types: ["actors"],
    what: "The paper venue over candles",
  },
  {
    path: "lib/exchange/paper_venue",
    imports: [
      ...CONTRACTS,
      "lib/exchange/gateway",
      "agents/execution",
      "agents/risk",
    ],
    what: "The paper venue over an exchange's live prices",
  },
  {
    path: "lib/candles",
    imports: [...CONTRACTS, "lib/exchange"],
    what: "The command for candle files: import, download, reports",
  },
  {
    path: "lib/vault",
    imports: CONTRACTS,
    types: ["lib/store/port.ts"],
    what: "Exchange keys: sealed, probed, allowed, revoked",
  },
  {
    path: "lib/alerts",
    imports: [...CONTRACTS, "lib/vault/envelope.ts"],
    types: ["lib/store"],
    what: "Alerts: what happens becomes messages, and messages go out",
  },
  {
    path: "lib/auth",
    imports: [...CONTRACTS, "lib/vault/envelope.ts"],
    types: ["lib/store/port.ts"],
    what: "Accounts, logins, tokens",
  },
  {
    path: "lib/desk",
    imports: [
      ...CONTRACTS,
      "lib/exchange",
      "lib/vault",
      "agents/risk",
      "agents/execution",
      "agents/portfolio",
    ],
    types: ["actors"],
    what: "The order desk: journal, controls, ledger",
  },
  {
    path: "lib/desk/worker.ts",
    imports: ["actors", "lib/core/secret.ts", "lib/desk"],
    what: "Entry of the desk worker",
  },
  {
    path: "lib/backtest/recording",
    imports: [
      ...CONTRACTS,
      "actors/recorded_behavior.ts",
      "agents/recording",
    ],
    types: ["actors"],
    what: "Recorded sessions: the file, its replay, the command",
  },
  {
    path: "lib/fleet",
    imports: [
      ...CONTRACTS,
      "actors",
      "agents/mod.ts",
      "lib/backtest/recording",
      "lib/store",
      "lib/exchange",
      "lib/desk",
    ],
    what: "Application services: spawn, control, recover",
  },
  {
    path: "lib/backtest",
    imports: [
      ...CONTRACTS,
      "actors/recorded_behavior.ts",
      "actors/protocol.ts",
      "agents/mod.ts",
      "lib/exchange",
      "lib/desk/account",
      "lib/inference/serving",
      "lib/ui/format.ts",
      "lib/ui/backtest/verdict.ts",
    ],
    types: ["actors", "lib/store/port.ts"],
    what: "Backtests: engine, studies, metrics, reports",
  },
  {
    path: "lib/bundles",
    imports: CONTRACTS,
    types: ["lib/backtest/port.ts", "lib/fleet/port.ts", "lib/store/port.ts"],
    what: "Signed bundles of configurations: file, authors, comparison",
  },
  {
    path: "lib/patterns",
    imports: [...CONTRACTS, "agents/mod.ts", "lib/exchange"],
    what: "Detector output as CSV: reference indicators, causal events",
  },
  {
    path: "lib/inference",
    imports: [...CONTRACTS, "agents/decision", "agents/market", "agents/smc"],
    types: ["actors"],
    what: "Models of the decision engine",
  },
  {
    path: "lib/inference/worker.ts",
    imports: ["actors", "lib/inference"],
    what: "Entry of the inference worker",
  },
  {
    path: "lib/inference/dataset",
    imports: [
      ...CONTRACTS,
      "agents/decision",
      "agents/market",
      "agents/smc",
      "lib/exchange",
      "lib/inference/read_options.ts",
    ],
    what: "Features and labels of candle files, for training",
  },
  {
    path: "lib/inference/evaluation",
    imports: [
      ...CONTRACTS,
      "lib/inference",
      "lib/exchange",
      "lib/backtest/metrics",
    ],
    what: "How good a model is: its figures and its card",
  },
  {
    path: "lib/backtest/worker.ts",
    imports: ["actors", "lib/backtest"],
    what: "Entry of the backtest workers",
  },
  {
    path: "lib/live",
    imports: [...CONTRACTS, "lib/store"],
    what: "Fan-out of stored events to streams",
  },
  {
    path: "lib/metrics",
    imports: CONTRACTS,
    what: "Figures for Prometheus",
  },
  {
    path: "lib/api",
    imports: CONTRACTS,
    types: [
      "lib/alerts",
      "lib/metrics",
      "lib/vault",
      "lib/backtest",
      "lib/bundles",
      "lib/fleet",
      "lib/live",
      "lib/auth",
      "lib/store",
    ],
    what: "The HTTP API",
  },
  {
    path: "lib/ui",
    imports: [...CONTRACTS, "lib/fresh"],
    what: "Components and browser models",
  },
  {
    path: "islands",
    imports: [...CONTRACTS, "lib/ui", "lib/fresh"],
    what: "What hydrates in the browser",
  },
  {
    path: "routes",
    imports: [...CONTRACTS, "lib/ui", "lib/fresh", "islands"],
    types: ["lib/api"],
    what: "Thin pages over services in ctx.state",
  },
  {
    path: "lib/cli",
    imports: [...CONTRACTS, "lib/bundles/bundle_file.ts"],
    what: "The command line, a client of the API",
  },
  {
    path: "lib/server",
    imports: [
      ...CONTRACTS,
      "actors",
      "lib/alerts",
      "lib/api",
      "lib/auth",
      "lib/build",
      "lib/backtest",
      "lib/bundles",
      "lib/fleet",
      "lib/inference/install",
      "lib/inference/library",
      "lib/live",
      "lib/metrics",
      "lib/store",
      "lib/vault",
    ],
    what: "Puts the platform together for main.ts",
  },
  {
    path: "lib/parent",
    imports: [...CORE, "actors"],
    what: "Keeps the host process alive for tasks/start.ts",
  },
  { path: "lib/fresh", imports: [], what: "The web framework's subset" },
  {
    path: "lib/build",
    imports: CORE,
    what: "Build steps and the rules of this table",
  },
];
