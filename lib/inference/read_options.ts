import { parseArgs, type ParseArgsConfig } from "node:util";
import type { EpochMs } from "../contracts/primitives.ts";
import { TIME_TEXT_HELP, tryTimeText } from "../contracts/time_text.ts";

/** Arguments as far as they could be read, with a sentence for each mistake. */
export interface ReadArguments<T> {
  value: T;
  problems: readonly string[];
}

/** The options of a command line by name; what was not given is not there. */
export type OptionValues<
  Options extends NonNullable<ParseArgsConfig["options"]>,
> = Partial<
  ReturnType<typeof parseArgs<{ args: string[]; options: Options }>>["values"]
>;

/** Reads options; where that is not possible, `read` gets none and the mistake is told. */
export function readOptions<
  Options extends NonNullable<ParseArgsConfig["options"]>,
  T,
>(
  args: readonly string[],
  { options, read }: {
    options: Options;
    read(values: OptionValues<Options>): ReadArguments<T>;
  },
): ReadArguments<T> {
  let values: OptionValues<Options>;
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // The first sentence says what is wrong; those after it are about parseArgs.
    const [sentence] = (error as Error).message.split(/\. |\n/);
    const { value } = read({});
    return { value, problems: [`${sentence}; see --help`] };
  }
  return read(values);
}

/** Reads a time; null where there is none, or none that can be read, which is added to `problems`. */
export function readTime(
  text: string | undefined,
  { name, edge, problems }: {
    name: string;
    edge: "start" | "end";
    problems: string[];
  },
): EpochMs | null {
  if (text === undefined) return null;
  const at = tryTimeText(text, edge);
  if (at === null) {
    problems.push(
      `--${name} ${JSON.stringify(text)} is not a time; ${TIME_TEXT_HELP}`,
    );
  }
  return at;
}
