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
  configValues,
  FIRST_VALUES,
  guessFromName,
  refusedFields,
  type RunInput,
  type RunValues,
  toRunInput,
} from "./run_form.ts";

/** Pause between leaving a field and its error. */
const LEAVE_MS = 200;

/** An agent whose configuration can be tested. */
export interface TestableAgent {
  id: string;
  name: string;
}

/** What a session needs from outside. */
export interface RunSessionOptions {
  api: Pick<ApiClient, "getAgent" | "runBacktest" | "newKey">;
  templates: readonly AgentTemplate[];
  onStarted: (run: BacktestView) => void;
}

/** See the module's description. */
export class RunSession {
  /** `template:NAME` or `agent:ID`. */
  readonly source: Signal<string>;
  readonly config: Signal<RunValues>;
  readonly run: Signal<RunValues> = signal(FIRST_VALUES);
  readonly sending = signal(false);
  /** A refusal that belongs to no field, or a failed load. */
  readonly problem: Signal<string | null> = signal(null);
  readonly input: ReadonlySignal<RunInput>;
  readonly #touched: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly #refused: Signal<Readonly<Record<string, string>>> = signal({});
  readonly #options: RunSessionOptions;
  #attempt: { body: string; key: string } | null = null;

  constructor(options: RunSessionOptions) {
    this.#options = options;
    const [template] = options.templates;
    this.source = signal(
      template === undefined ? "" : `template:${template.name}`,
    );
    this.config = signal(
      template === undefined ? {} : valuesOf(template.config, template.name),
    );
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

  /** Takes the configuration of a template or of an agent. */
  async choose(source: string): Promise<void> {
    this.source.value = source;
    this.problem.value = null;
    this.#refused.value = {};
    const [kind, name = ""] = source.split(/:(.*)/s);
    if (kind === "template") {
      const found = this.#options.templates.find((each) => each.name === name);
      if (found !== undefined) {
        this.config.value = valuesOf(found.config, found.name);
      }
      return;
    }
    try {
      const agent = await this.#options.api.getAgent(name);
      if (this.source.peek() === source) {
        this.config.value = configValues(agent.config);
      }
    } catch (error) {
      this.problem.value = `The agent's configuration could not be read. ${
        explain(error)
      }`;
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

/** A template has no name of an agent; the run takes its own as the label. */
function valuesOf(
  config: AgentTemplate["config"],
  name: string,
): RunValues {
  return configValues({ ...config, name: name.slice(0, 40) });
}
