import { type Signal, signal } from "@preact/signals";
import type { BacktestView } from "../../contracts/backtest.ts";
import type { StreamEnvelope } from "../../contracts/stream.ts";
import type { ApiPage } from "../client/api_client.ts";
import { hasEnded, RUN_WORDS } from "./backtest_words.ts";

/** The runs that a page shows, newest first, kept up to date. */
export class RunsStore {
  readonly runs: Signal<readonly BacktestView[]>;
  /** Runs that are marked to be compared. */
  readonly marked: Signal<ReadonlySet<string>> = signal(new Set<string>());

  /** The newest end of a run, in words for who does not see the table. */
  readonly announced = signal("");

  constructor(runs: readonly BacktestView[]) {
    this.runs = signal(newestFirst(runs));
  }

  find(id: string): BacktestView | null {
    return this.runs.value.find((run) => run.id === id) ?? null;
  }

  put(run: BacktestView): void {
    this.#announce(run);
    const others = this.runs.peek().filter(({ id }) => id !== run.id);
    this.runs.value = newestFirst([run, ...others]);
  }

  /** Takes the newest runs as they are now; older ones, which a list that goes on does not tell of, stay. */
  replaceNewest({ items, nextCursor }: ApiPage<BacktestView>): void {
    items.forEach((run) => this.#announce(run));
    const oldest = newestFirst(items).at(-1)?.id;
    const older = nextCursor === null || oldest === undefined
      ? []
      : this.runs.peek().filter(({ id }) => id < oldest);
    this.runs.value = newestFirst([...items, ...older]);
  }

  remove(id: string): void {
    this.runs.value = this.runs.peek().filter((run) => run.id !== id);
    this.mark(id, false);
  }

  /** Takes in an event of the stream. */
  apply(event: StreamEnvelope): void {
    if (event.type === "backtest.updated") this.put(event.data);
    if (event.type === "backtest.removed") this.remove(event.data.id);
  }

  #announce(run: BacktestView): void {
    const before = this.runs.peek().find(({ id }) => id === run.id);
    if (before === undefined || hasEnded(before) || !hasEnded(run)) return;
    this.announced.value = `${run.label}: ${RUN_WORDS[run.state].word}`;
  }

  /** Marks a run to be compared, or not. */
  mark(id: string, on: boolean): void {
    const marked = new Set(this.marked.peek());
    if (on) marked.add(id);
    else marked.delete(id);
    this.marked.value = marked;
  }
}

/** Most runs that are compared at a time. */
export const COMPARED_MAX = 4;

function newestFirst(runs: readonly BacktestView[]): readonly BacktestView[] {
  return [...runs].sort((a, b) => a.id < b.id ? 1 : -1);
}
