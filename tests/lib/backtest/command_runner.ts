import assert from "node:assert/strict";
import type { AgentTemplate } from "../../../lib/contracts/template.ts";
import { EXIT, runBacktestCommand } from "../../../lib/backtest/command.ts";
import { behavior, FIXTURE, testConfig } from "./setup.ts";

const { name: _, ...config } = testConfig();

/** Templates of the tests. */
export const TEMPLATES: readonly AgentTemplate[] = [
  {
    name: "smc-test",
    title: "SMC for tests",
    version: 1,
    origin: "built_in",
    type: "pattern_detector",
    purpose: "",
    whenItWorks: "",
    risk: "",
    results: [],
    patterns: [],
    riskLevel: "moderate",
    typicalLatency: "",
    config,
  },
  {
    name: "risk-test",
    title: "Risk manager for tests",
    version: 1,
    origin: "built_in",
    type: "risk_manager",
    purpose: "",
    whenItWorks: "",
    risk: "",
    results: [],
    patterns: [],
    riskLevel: "moderate",
    typicalLatency: "",
    config: { ...config, type: "risk_manager" },
  },
];

/** Keys of the line of JSON, in order. */
export const KEYS = [
  "candles",
  "trades",
  "netPnl",
  "returnPct",
  "maxDrawdownPct",
  "sharpe",
  "sortino",
  "profitFactor",
  "winRatePct",
  "feesPaid",
  "tradesHash",
  "seconds",
  "candlesPerSecond",
];

/** Runs the command and keeps what it writes. */
export async function run(...args: string[]) {
  let out = "";
  let err = "";
  const code = await runBacktestCommand(args, {
    templates: TEMPLATES,
    behaviorOf: (type) => type === "pattern_detector" ? behavior : null,
    out: (text) => out += text,
    err: (text) => err += text,
  });
  return { code, out, err };
}

/** The same over the fixture with the template for tests. */
export const runFixture = (...args: string[]) =>
  run("--candles", FIXTURE, "--template", "smc-test", ...args);

/** Runs with candles of one file and gives back what was refused. */
export async function refusal(...args: string[]): Promise<string> {
  const { code, out, err } = await runFixture(...args);
  assert.equal(code, EXIT.usage, err);
  assert.equal(out, "", "nothing but data goes to standard output");
  return err;
}

/** A candle file with this text, for as long as the action takes. */
export async function withFile(
  text: string,
  action: (path: string) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(path, text);
    await action(path);
  } finally {
    await Deno.remove(path);
  }
}
