import {
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type { ConfigWarning } from "../../contracts/agent.ts";
import { explain } from "../client/api_client.ts";

/** An edit is checked when nothing was typed for so long. */
const CHECK_AFTER_MS = 350;

/** What a check of any form answers with. */
interface Checked {
  errors: readonly ConfigWarning[];
  warnings: readonly ConfigWarning[];
}

/** How a {@link ServerCheck} asks. */
export interface ServerCheckOptions<V extends Checked> {
  /** What is to be checked, as JSON; another text is another check. */
  input: ReadonlySignal<string>;
  ask: (input: string) => Promise<V>;
  /** Told of each answer to what is in the form now. */
  onAnswer: (answer: V, input: string) => void;
}

/** Has the server check a form whenever it has changed and rests. */
export class ServerCheck<V extends Checked> {
  /** The newest answer; its errors may be about an earlier input while `checking`. */
  readonly validation: Signal<V | null> = signal(null);
  /** The form has changed since the newest answer. */
  readonly checking = signal(false);
  readonly failure: Signal<string | null> = signal(null);
  readonly #options: ServerCheckOptions<V>;
  #running: { input: string; done: Promise<void> } | null = null;

  constructor(options: ServerCheckOptions<V>) {
    this.#options = options;
  }

  /** Checks from now on; the answer ends that. */
  start(): () => void {
    return effect(() => {
      const input = this.#options.input.value;
      this.checking.value = true;
      const timer = setTimeout(() => void this.#run(input), CHECK_AFTER_MS);
      return () => clearTimeout(timer);
    });
  }

  /** Waits until what is in the form now is checked, or cannot be; false where it was changed meanwhile. */
  async settled(): Promise<boolean> {
    const input = this.#options.input.peek();
    if (this.checking.peek()) await this.#run(input);
    return this.#isCurrent(input);
  }

  #isCurrent(input: string): boolean {
    return input === this.#options.input.peek();
  }

  #run(input: string): Promise<void> {
    if (this.#running?.input === input) return this.#running.done;
    // Asked for before its time, and checked: nothing is left to do.
    if (!this.checking.peek() && this.#isCurrent(input)) {
      return Promise.resolve();
    }
    const done = this.#check(input).finally(() => {
      if (this.#running?.input === input) this.#running = null;
    });
    this.#running = { input, done };
    return done;
  }

  async #check(input: string): Promise<void> {
    const { ask, onAnswer } = this.#options;
    try {
      const answer = await ask(input);
      // A later edit has made this answer old.
      if (!this.#isCurrent(input)) return;
      this.validation.value = answer;
      this.failure.value = null;
      onAnswer(answer, input);
    } catch (error) {
      if (!this.#isCurrent(input)) return;
      this.failure.value = `Not checked by the server: ${explain(error)}`;
      // What was wrong with an earlier input must not stand in the way of this one.
      const known = this.validation.peek();
      if (known !== null) this.validation.value = { ...known, errors: [] };
    } finally {
      if (this.#isCurrent(input)) this.checking.value = false;
    }
  }
}
