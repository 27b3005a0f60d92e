import { parseArgs } from "node:util";
import {
  type Objective,
  OBJECTIVES,
  type ParameterGrid,
} from "../contracts/backtest.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import { TIME_TEXT_HELP, tryTimeText } from "../contracts/time_text.ts";
import { parseSweep } from "./sweep_argument.ts";

/** What `deno task backtest` was asked for. */
export interface BacktestArguments {
  help: boolean;
  candles: string;
  /** Candles of the second market; null for none. */
  hedge: string | null;
  /** Candles of the simulated market instead of a file; null for a file. */
  simulated: number | null;
  from: EpochMs | null;
  to: EpochMs | null;
  template: string;
  set: readonly string[];
  seed: number | null;
  sweep: ParameterGrid;
  objective: Objective;
  /** Folds of a walk-forward study; null for none. */
  walkForward: number | null;
  /** Null leaves it to the command. */
  monteCarlo: number | null;
  randomEntries: number | null;
  check: boolean;
  json: boolean;
  report: string | null;
  reportJson: string | null;
  record: string | null;
}

const OPTIONS = {
  candles: { type: "string" },
  hedge: { type: "string" },
  simulated: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  template: { type: "string" },
  set: { type: "string", multiple: true },
  cost: { type: "string", multiple: true },
  seed: { type: "string" },
  sweep: { type: "string", multiple: true },
  objective: { type: "string" },
  "walk-forward": { type: "string" },
  "monte-carlo": { type: "string" },
  "random-entries": { type: "string" },
  "no-check": { type: "boolean" },
  json: { type: "boolean" },
  report: { type: "string" },
  "report-json": { type: "string" },
  record: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** The arguments as far as they could be read, with a sentence for each mistake. */
export interface ReadArguments {
  value: BacktestArguments;
  problems: readonly string[];
  /** Whether they could be told apart at all. */
  isReadable: boolean;
}

/** Reads the command line. */
export function readArguments(args: readonly string[]): ReadArguments {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const reader = new Reader(values);
    const value = reader.read();
    return {
      value,
      problems: value.help ? [] : reader.problems,
      isReadable: true,
    };
  } catch (error) {
    // The first sentence says what is wrong; those after it are about parseArgs.
    const [sentence] = (error as Error).message.split(/\. |\n/);
    const value = new Reader({}).read();
    return { value, problems: [`${sentence}; see --help`], isReadable: false };
  }
}

type Values = {
  [Name in keyof typeof OPTIONS]?: string | string[] | boolean | undefined;
};

/** Most simulated candles, as a request over HTTP may ask for. */
const SIMULATED_CANDLES = { min: 1, max: 1_000_000 } as const;

/** Reads values one by one and collects what is wrong with them. */
class Reader {
  readonly problems: string[] = [];
  readonly #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  read(): BacktestArguments {
    const simulated = this.#number("simulated", SIMULATED_CANDLES);
    const [candles, template] = [this.#text("candles"), this.#text("template")];
    if (candles === null && this.#values.simulated === undefined) {
      this.problems.push("--candles is missing; name a .csv or .csv.gz file");
    }
    if (candles !== null && this.#values.simulated !== undefined) {
      this.problems.push(
        "--candles and --simulated exclude each other; leave out one of them",
      );
    }
    if (candles === null && this.#text("hedge") !== null) {
      this.problems.push(
        "--hedge goes with --candles; the simulated market makes its second one by itself",
      );
    }
    if (template === null) {
      this.problems.push(
        "--template is missing; name a ready-made configuration",
      );
    }
    const sweep = this.#sweep();
    const walkForward = this.#number("walk-forward", { min: 2, max: 50 });
    if (walkForward !== null && Object.keys(sweep).length === 0) {
      this.problems.push(
        "--walk-forward chooses between sets; name them with --sweep KEY=VALUES",
      );
    }
    const record = this.#text("record");
    if (record !== null && Object.keys(sweep).length > 0) {
      this.problems.push(
        "--record writes the session of one run; leave out --sweep and --walk-forward",
      );
    }
    return {
      help: this.#values.help === true,
      candles: candles ?? "",
      hedge: this.#text("hedge"),
      simulated,
      ...this.#range(simulated !== null),
      template: template ?? "",
      set: [
        ...this.#list("set"),
        ...this.#list("cost").map((text) => `costs.${text}`),
      ],
      seed: this.#seed(),
      sweep,
      objective: this.#objective(),
      walkForward,
      monteCarlo: this.#number("monte-carlo", { min: 0, max: 10_000 }),
      randomEntries: this.#number("random-entries", { min: 0, max: 200 }),
      check: this.#values["no-check"] !== true,
      json: this.#values.json === true,
      report: this.#text("report"),
      reportJson: this.#text("report-json"),
      record,
    };
  }

  #text(name: keyof Values): string | null {
    const value = this.#values[name];
    return typeof value === "string" && value !== "" ? value : null;
  }

  #list(name: keyof Values): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value : [];
  }

  #number(
    name: keyof Values,
    { min, max }: { min: number; max: number },
  ): number | null {
    const text = this.#values[name];
    if (typeof text !== "string") return null;
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= min && value <= max) return value;
    this.problems.push(
      `--${name} ${
        JSON.stringify(text)
      } is not valid; write a whole number from ${min} to ${max}`,
    );
    return null;
  }

  #seed(): number | null {
    const text = this.#values.seed;
    if (typeof text !== "string") return null;
    if (/^\d{1,10}$/.test(text)) return Number(text);
    this.problems.push(
      `--seed ${
        JSON.stringify(text)
      } is not a seed; write a whole number from 0 to 2147483647`,
    );
    return null;
  }

  #sweep(): ParameterGrid {
    const grid: ParameterGrid = {};
    for (const text of this.#list("sweep")) {
      const parsed = parseSweep(text);
      if (!parsed.ok) this.problems.push(parsed.problem);
      else if (Object.hasOwn(grid, parsed.path)) {
        this.problems.push(
          `--sweep ${parsed.path}: is named twice; write all its values in one`,
        );
      } else grid[parsed.path] = [...parsed.values];
    }
    return grid;
  }

  #objective(): Objective {
    const text = this.#values.objective;
    const found = OBJECTIVES.find((name) => name === text);
    if (typeof text === "string" && found === undefined) {
      this.problems.push(
        `--objective ${JSON.stringify(text)} is not known; choose from ${
          OBJECTIVES.join(", ")
        }`,
      );
    }
    return found ?? "sharpe";
  }

  #range(isSimulated: boolean): { from: EpochMs | null; to: EpochMs | null } {
    const from = this.#time("from", "start");
    const to = this.#time("to", "end");
    if (isSimulated && (from !== null || to !== null)) {
      this.problems.push(
        "--from and --to are for files; the simulated market has as many candles as --simulated says",
      );
    }
    if (from !== null && to !== null && from > to) {
      this.problems.push("--from lies after --to; exchange them");
    }
    return { from, to };
  }

  #time(name: "from" | "to", edge: "start" | "end"): EpochMs | null {
    const text = this.#values[name];
    if (typeof text !== "string") return null;
    const at = tryTimeText(text, edge);
    if (at === null) {
      this.problems.push(
        `--${name} ${JSON.stringify(text)} is not a time; ${TIME_TEXT_HELP}`,
      );
    }
    return at;
  }
}
