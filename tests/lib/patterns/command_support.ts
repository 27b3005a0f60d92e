/** Runs the command over candles of a file. */
import assert from "node:assert/strict";
import { EXIT, runSmcCommand } from "../../../lib/patterns/command.ts";

/** 3,000 candles of 15 minutes, made by the simulated market. */
export const FIXTURE = new URL(
  "../../fixtures/simulated-btcusdt-15m.csv",
  import.meta.url,
).pathname;

export const ROWS = 3_000;

export async function run(...args: string[]) {
  let out = "";
  let err = "";
  const code = await runSmcCommand(args, {
    out: (text) => out += text,
    err: (text) => err += text,
  });
  return { code, out, err };
}

export function runOn(indicator: string, ...args: string[]) {
  return run("--candles", FIXTURE, "--indicator", indicator, ...args);
}

/** Runs what must be refused and gives back the sentences. */
export async function refusal(...args: string[]): Promise<string[]> {
  const { code, out, err } = await run(...args);
  assert.equal(code, EXIT.usage, err);
  assert.equal(out, "", "nothing but data goes to standard output");
  return err.trimEnd().split("\n");
}
