/** What the command knows of the world, and how it speaks to it. */
export interface DataContext {
  /** The candle folder. */
  folder: string;
  /** Folder that relative file names are meant from. */
  cwd: string;
  /** Writes to standard output: data. */
  out(text: string): void;
  /** Writes to standard error: words about it. */
  err(text: string): void;
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** Somebody wants the command to end. */
  signal: AbortSignal;
}

/** Exit codes of the command. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** A command line or an input that cannot be used, with a sentence for each mistake. */
export class UsageError extends Error {
  override name = "UsageError";
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}
