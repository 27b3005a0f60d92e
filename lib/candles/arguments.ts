import { parseArgs, type ParseArgsConfig } from "node:util";
import { suggest } from "../core/nearest.ts";
import { type Timeframe, TIMEFRAMES } from "../contracts/candle.ts";
import { parseTime } from "../exchange/history/csv_time.ts";
import { UsageError } from "./context.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

const COMMON = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies Options;

/**
 * Reads the options of one command and its words without a dash.
 *
 * @throws {UsageError} With the first mistake.
 */
export function readOptions<T extends Options>(
  args: readonly string[],
  own: T,
) {
  const options = { ...own, ...COMMON };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // The first sentence says what is wrong; those after it are about parseArgs.
    const [sentence] = (error as Error).message.split(/\. |\n/);
    const option = /'(--[\w-]+)'/.exec(sentence!)?.[1] ?? "";
    const names = Object.keys(options).map((name) => `--${name}`);
    const near = names.includes(option) ? "" : suggest(option, names);
    throw new UsageError(
      near === ""
        ? `${sentence}; see --help`
        : `There is no option ${option}.${near}`,
    );
  }
}

/**
 * The one word that a command needs.
 *
 * @throws {UsageError} If there is none, or more.
 */
export function oneWord(words: readonly string[], what: string): string {
  if (words.length === 1 && words[0] !== "") return words[0]!;
  throw new UsageError(
    words.length < 2
      ? `${what} is missing; see --help`
      : `${JSON.stringify(words[1])} is one word too many; see --help`,
  );
}

/**
 * A timeframe of the product.
 *
 * @throws {UsageError}
 */
export function timeframeOption(option: string, text: string): Timeframe {
  const found = TIMEFRAMES.find((timeframe) => timeframe === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `${option} ${JSON.stringify(text)} is no timeframe; choose ${
      TIMEFRAMES.join(", ")
    }`,
  );
}

/**
 * A point in time in milliseconds since 1970.
 *
 * @throws {UsageError}
 */
export function timeOption(option: string, text: string): number {
  const time = parseTime(text.trim());
  if (time !== null) return time.ms;
  throw new UsageError(
    `${option} ${
      JSON.stringify(text)
    } is no date; write it with the year first, for instance 2024-01-31 or 2024-01-31T12:00Z`,
  );
}

/**
 * A market's name; it becomes a part of files and sentences.
 *
 * @throws {UsageError}
 */
export function symbolOption(text: string): string {
  if (/^[A-Za-z0-9./:_-]{1,60}$/.test(text)) return text;
  throw new UsageError(
    `--symbol ${
      JSON.stringify(text.slice(0, 60))
    } is no market; write it as BASE/QUOTE, for instance BTC/USDT`,
  );
}
