import { parseArgs } from "node:util";
import {
  REFERENCE_INDICATORS,
  type ReferenceIndicator,
} from "../../agents/mod.ts";

/** How the detectors run: over the whole history at once, or candle by candle. */
export type PatternMode = "reference" | "causal";

const OPTIONS = {
  candles: { type: "string" },
  indicator: { type: "string" },
  mode: { type: "string" },
  set: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

const MODES: readonly PatternMode[] = ["reference", "causal"];

/** What could be read of the command line, and a sentence for each mistake; `null` is what is missing or wrong. */
export interface ReadArguments {
  help: boolean;
  candles: string | null;
  indicator: ReferenceIndicator | null;
  mode: PatternMode | null;
  set: readonly string[];
  problems: readonly string[];
}

/** Reads the command line. What is right is given back even if something else is wrong, so that all mistakes are found at once. */
export function readArguments(args: readonly string[]): ReadArguments {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS }));
  } catch (error) {
    // The first sentence says what is wrong; those after it are about parseArgs.
    const [sentence] = (error as Error).message.split(/\. |\n/);
    return {
      help: false,
      candles: null,
      indicator: null,
      mode: null,
      set: [],
      problems: [`${sentence}; see --help`],
    };
  }
  const indicator = oneOf(REFERENCE_INDICATORS, values.indicator);
  const mode = oneOf(MODES, values.mode ?? "reference");
  const problems: string[] = [];
  if (!values.candles) {
    problems.push("--candles is missing; name a .csv or .csv.gz file");
  }
  if (indicator === null) {
    problems.push(
      `${
        values.indicator
          ? `--indicator ${
            JSON.stringify(values.indicator)
          }: there is no such indicator`
          : "--indicator is missing"
      }; choose from ${REFERENCE_INDICATORS.join(", ")}`,
    );
  }
  if (mode === null) {
    problems.push(
      `--mode ${
        JSON.stringify(values.mode)
      }: there is no such mode; choose from ${MODES.join(", ")}`,
    );
  }
  return {
    help: values.help ?? false,
    candles: values.candles || null,
    indicator,
    mode,
    set: values.set ?? [],
    problems,
  };
}

function oneOf<Name extends string>(
  names: readonly Name[],
  text: string | undefined,
): Name | null {
  return names.find((name) => name === text) ?? null;
}
