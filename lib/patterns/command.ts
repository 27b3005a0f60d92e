/**
 * `deno task smc`: a file of candles in, CSV out. Data goes to standard output,
 * words about it to standard error.
 *
 * @module
 */
import { resolve } from "node:path";
import { AppError } from "../core/errors.ts";
import { loadCandleFile } from "../exchange/candle_file.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import { type ReadArguments, readArguments } from "./arguments.ts";
import { causalLines, readCausalSettings } from "./causal.ts";
import { writeLines } from "./csv.ts";
import { smcUsage } from "./help.ts";
import { referenceLines } from "./reference.ts";
import { readReferenceSettings } from "./reference_settings.ts";

/** Where the command writes to. */
export interface CommandContext {
  /** Folder that relative file names are meant from; the working folder if left out. */
  cwd?: string;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
}

/** Exit codes of the command. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs the command and answers with its exit code. */
export async function runSmcCommand(
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const parsed = readArguments(args);
  if (parsed.help) {
    context.out(smcUsage());
    return EXIT.ok;
  }
  try {
    return await run(parsed, context);
  } catch (error) {
    context.err(`The detectors failed: ${String(error)}\n`);
    return EXIT.failed;
  }
}

async function run(
  parsed: ReadArguments,
  context: CommandContext,
): Promise<number> {
  const planned = plan(parsed);
  const file = await load(parsed.candles, context.cwd);
  const problems = [...parsed.problems, ...planned.problems, ...file.problems];
  if (problems.length > 0 || file.candles === null || planned.lines === null) {
    for (const problem of problems) context.err(`${problem}\n`);
    return EXIT.usage;
  }
  for (const note of planned.notes) context.err(`${note}\n`);
  writeLines(planned.lines(file.candles), (text) => context.out(text));
  return EXIT.ok;
}

interface Plan {
  /** Makes the output; null where something is wrong. */
  lines: ((candles: CandleSeries) => Iterable<string>) | null;
  notes: readonly string[];
  problems: readonly string[];
}

function plan({ indicator, mode, set }: ReadArguments): Plan {
  // Which keys there are depends on the mode, so a wrong mode comes first.
  if (mode === null) return { lines: null, notes: [], problems: [] };
  if (mode === "causal") {
    const settings = readCausalSettings(set);
    if (!settings.ok) return refused(settings.problems);
    const { config, notes } = settings;
    return {
      lines: indicator &&
        ((candles) => causalLines(candles, { indicator, config })),
      notes,
      problems: [],
    };
  }
  const settings = readReferenceSettings(set, indicator);
  if (!settings.ok) return refused(settings.problems);
  const { options, notes } = settings;
  return {
    lines: indicator &&
      ((candles) => referenceLines(candles, { indicator, options })),
    notes,
    problems: [],
  };
}

function refused(problems: readonly string[]): Plan {
  return { lines: null, notes: [], problems };
}

/** Reads the file also when something else is wrong: a person mends everything in one go. */
async function load(
  path: string | null,
  cwd = ".",
): Promise<{ candles: CandleSeries | null; problems: readonly string[] }> {
  if (path === null) return { candles: null, problems: [] };
  try {
    return { candles: await loadCandleFile(resolve(cwd, path)), problems: [] };
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return { candles: null, problems: [error.message] };
  }
}
