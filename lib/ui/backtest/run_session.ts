/**
 * The form that starts a run, with its effects: checks as it is typed, sending,
 * and what the server refused at its field. The rules are in `run_form.ts`.
 *
 * @module
 */
import {
  computed,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type { AgentTemplate } from "../../contracts/template.ts";
import type { BacktestView } from "../../contracts/backtest.ts";
import { type ApiClient, ApiProblem, explain } from "../client/api_client.ts";
import type { SpawnAction } from "../spawn_form.ts";
import type { FormBinding } from "../spawn/inputs.tsx";
import {
  guessFromName,
  refusedFields,
  type RunInput,
  type RunValues,
  toRunInput,
} from "./run_form.ts";
import {
  type RunStart,
  startOf,
  startOfRun,
  startOfTemplate,
} from "./run_start.ts";

/** Pause between leaving a field and its error. */
const LEAVE_MS = 200;

/** What a session needs from outside. */
export interface RunSessionOptions {
  api: Pick<ApiClient, "getAgent" | "backtest" | "runBacktest" | "newKey">;
  templates: readonly AgentTemplate[];
  /** The form as it is first shown. */
  start: RunStart;
  onStarted: (run: BacktestView) => void;
}

/** See the module's description. */
export class RunSession {
  /** `template:NAME` or `agent:ID`. */
  readonly source: Signal<string>;
  readonly config: Signal<RunValues>;
  readonly run: Signal<RunValues>;
  /** What the test does otherwise than its source. */
  readonly notes: Signal<readonly string[]>;
  readonly sending = signal(false);
  /** A refusal that belongs to no field, or a failed load. */
  readonly problem: Signal<string | null>;
  readonly input: ReadonlySignal<RunInput>;
  readonly #touched: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly #refused: Signal<Readonly<Record<string, string>>>;
  readonly #options: RunSessionOptions;
  #attempt: { body: string; key: string } | null = null;

  constructor(options: RunSessionOptions) {
    this.#options = options;
    const { start } = options;
    this.source = signal(start.source);
    this.config = signal(start.config);
    this.run = signal(start.run);
    this.notes = signal(start.notes);
    this.#refused = signal(start.refused);
    this.problem = signal(start.problem);
    this.input = computed(() =>
      toRunInput({
        template: this.template,
        config: this.config.value,
        run: this.run.value,
      })
    );
  }

  /** Name of the template that is tested, or null for an agent's configuration. */
  get template(): string | null {
    const [kind, name] = this.source.value.split(/:(.*)/s);
    return kind === "template" ? name ?? null : null;
  }

  /** Errors that may be shown: of fields that were left, and what the server said. */
  get errors(): Readonly<Record<string, string>> {
    const { errors } = this.input.value;
    const shown = Object.entries(errors).filter(([pointer]) =>
      this.#touched.value.has(pointer)
    );
    return { ...Object.fromEntries(shown), ...this.#refused.value };
  }

  /** Binding of the fields of the configuration. */
  get configForm(): FormBinding {
    return this.#binding(this.config);
  }

  /** Binding of the other fields. */
  get runForm(): FormBinding {
    return this.#binding(this.run);
  }

  /** Takes the configuration of a template, of an agent, or of an earlier run with all its fields. */
  async choose(source: string): Promise<void> {
    this.source.value = source;
    this.problem.value = null;
    this.#refused.value = {};
    try {
      const start = await this.#startOf(source);
      if (start === null || this.source.peek() !== source) return;
      this.config.value = start.config;
      this.run.value = start.run;
      this.notes.value = start.notes;
    } catch (error) {
      this.problem.value = `The configuration could not be read. ${
        explain(error)
      }`;
    }
  }

  async #startOf(source: string): Promise<RunStart | null> {
    const { templates, api } = this.#options;
    const run = this.run.peek();
    const [kind, name = ""] = source.split(/:(.*)/s);
    switch (kind) {
      case "template": {
        const found = templates.find((each) => each.name === name);
        return found === undefined ? null : startOfTemplate(found, run);
      }
      case "agent":
        return startOf(source, (await api.getAgent(name)).config, run);
      default:
        return startOfRun(name, (await api.backtest(name)).request);
    }
  }

  /** Takes a file, and what its name says of its candles. */
  chooseFile(file: string): void {
    this.#edit(this.run, "/data/file", file);
    const { symbol, timeframe } = guessFromName(file);
    if (symbol !== null) this.#edit(this.config, "/symbol", symbol);
    if (timeframe !== null) this.#edit(this.config, "/timeframe", timeframe);
  }

  /** Sends the request, unless something is wrong; then the errors show. */
  async submit(): Promise<void> {
    const { request, errors } = this.input.peek();
    const wrong = Object.keys(errors);
    if (wrong.length > 0) {
      this.#touch(wrong);
      this.problem.value = wrong.length === 1
        ? "One field needs correction"
        : `${wrong.length} fields need correction`;
      return;
    }
    // The same request keeps its key until it was answered, so that a retry after a lost answer runs once.
    const body = JSON.stringify(request);
    if (this.#attempt?.body !== body) {
      this.#attempt = { body, key: this.#options.api.newKey() };
    }
    this.sending.value = true;
    this.problem.value = null;
    this.#refused.value = {};
    try {
      const { key } = this.#attempt;
      const run = await this.#options.api.runBacktest(request, key);
      this.#attempt = null;
      this.#options.onStarted(run);
    } catch (error) {
      if (error instanceof ApiProblem) {
        this.#attempt = null;
        this.#refused.value = refusedFields(error.problem.errors ?? []);
      }
      this.problem.value = explain(error);
    } finally {
      this.sending.value = false;
    }
  }

  #binding(values: Signal<RunValues>): FormBinding {
    return {
      values: values.value,
      errors: this.errors,
      warnings: {},
      isPosted: true,
      dispatch: (action: SpawnAction) => {
        if (action.type === "edit") {
          this.#edit(values, action.pointer, action.value);
        } else if (action.type === "leave") {
          // An error that comes up while the pointer is down would move the button away from under it.
          setTimeout(() => this.#touch([action.pointer]), LEAVE_MS);
        }
      },
    };
  }

  #touch(pointers: readonly string[]): void {
    this.#touched.value = new Set([...this.#touched.peek(), ...pointers]);
  }

  #edit(
    values: Signal<RunValues>,
    pointer: string,
    value: string | boolean,
  ): void {
    values.value = { ...values.peek(), [pointer]: value };
    this.problem.value = null;
    const { [pointer]: _, ...others } = this.#refused.peek();
    this.#refused.value = others;
  }
}
