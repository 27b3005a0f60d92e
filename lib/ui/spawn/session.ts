/**
 * The running spawn dialog: the form's state with its effects (draft, checks by
 * the server, sending). The rules are in `spawn_form.ts`.
 *
 * @module
 */
import type { StepUpRequest } from "../../contracts/second_factor.ts";
import {
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type { ValidationResponse } from "../../contracts/agent.ts";
import type { CandleFile } from "../../contracts/feed.ts";
import type { Problem } from "../../contracts/problem.ts";
import { ApiProblem, explain, isProofNeeded } from "../client/api_client.ts";
import {
  createForm,
  errorsOfStep,
  type FieldErrors,
  fieldName,
  isDirty,
  readDraft,
  reduce,
  shownErrors,
  type SpawnAction,
  type SpawnForm,
  type Step,
  stepOf,
  STEPS,
  toConfigInput,
  validateForm,
  warningsKey,
} from "../spawn_form.ts";
import { type DialogSession, focusField } from "./dialog_session.ts";
import { LiveChoice } from "./live_choice.ts";
import { ServerCheck } from "./server_check.ts";
import { CONFIRM_POINTER, isLiveForm } from "./live_rules.ts";
import type { SpawnSessionOptions } from "./session_options.ts";
import { firstTemplate, formOfConfig, withName } from "./session_rules.ts";

const DRAFT_KEY = "smc.spawn.draft";

/** A spawn dialog from opening to closing. */
export class SpawnSession implements DialogSession {
  readonly noun = "agent";
  readonly steps = STEPS;
  readonly form: Signal<SpawnForm>;
  readonly restored: Signal<boolean>;
  readonly errors: ReadonlySignal<FieldErrors>;
  readonly shown: ReadonlySignal<FieldErrors>;
  /** What the server says of the form. */
  readonly check: ServerCheck<ValidationResponse>;
  readonly checkedName: Signal<string | null> = signal(null);
  readonly waiting = signal(false);
  readonly candleFiles: Signal<readonly CandleFile[] | null> = signal(null);
  readonly live: LiveChoice;
  readonly sending = signal(false);
  /** A refusal that belongs to no field. */
  readonly problem: Signal<Problem | string | null> = signal(null);
  /** Raised when a step or the form was refused, so that the summary takes the focus. */
  readonly refusals = signal(0);
  readonly #options: SpawnSessionOptions;
  #attempt: { body: string; key: string } | null = null;
  #warned = "";

  constructor(options: SpawnSessionOptions) {
    this.#options = options;
    this.live = new LiveChoice(options.api);
    const template = firstTemplate(options);
    const draft = options.template === null && options.config === undefined
      ? readDraft(options.storage.getItem(DRAFT_KEY))
      : null;
    this.form = signal(
      draft ??
        formOfConfig(options.config) ??
        {
          ...createForm(template),
          step: options.template === null ? "template" : "basics",
        },
    );
    this.restored = signal(draft !== null);
    this.check = new ServerCheck<ValidationResponse>({
      input: computed(() =>
        JSON.stringify(toConfigInput(this.form.value.values))
      ),
      ask: (input) => options.api.validate(withName(JSON.parse(input))),
      onAnswer: (answer, input) => this.#onChecked(answer, input),
    });
    this.errors = computed(() => this.#allErrors());
    this.shown = computed(() =>
      shownErrors(this.form.value, this.errors.value)
    );
  }

  /** Starts the effects; the answer ends them. */
  start(): () => void {
    void this.#loadCandleFiles();
    const stopDraft = effect(() => {
      const form = this.form.value;
      if (isDirty(form)) {
        this.#options.storage.setItem(DRAFT_KEY, JSON.stringify(form));
      }
    });
    const stopChecks = this.check.start();
    return () => [stopDraft, stopChecks].forEach((stop) => stop());
  }

  /** Changes the form. */
  readonly dispatch = (action: SpawnAction): void => {
    this.problem.value = null;
    this.form.value = reduce(this.form.peek(), action);
  };

  /** Forgets the draft and begins anew. */
  startOver(): void {
    this.#options.storage.removeItem(DRAFT_KEY);
    this.restored.value = false;
    this.problem.value = null;
    this.form.value = createForm(null);
  }

  /** Forgets the draft, when the dialog closes for good. */
  forgetDraft(): void {
    this.#options.storage.removeItem(DRAFT_KEY);
  }

  get isDirty(): boolean {
    return isDirty(this.form.peek());
  }

  get backRefusal(): string | null {
    return this.form.value.step === STEPS[0] ? "This is the first step" : null;
  }

  get warningCount(): number {
    return this.check.validation.value?.warnings.length ?? 0;
  }

  /** Goes to the next step, unless this one has errors; then they show. What the server still checks is waited for. */
  async next(): Promise<void> {
    const { step } = this.form.peek();
    if (!await this.#isSettled(step)) return;
    const wrong = errorsOfStep(this.errors.peek(), step);
    if (wrong.length > 0) {
      this.dispatch({
        type: "reveal",
        pointers: wrong.map(([pointer]) => pointer),
      });
      this.refusals.value++;
      return;
    }
    const next = STEPS[STEPS.indexOf(step) + 1];
    if (next !== undefined) this.dispatch({ type: "go", step: next });
  }

  /** Waits where only an answer to an earlier form says that something is wrong; false where the form was changed meanwhile. */
  async #isSettled(step: Step | null): Promise<boolean> {
    const wrong = (errors: FieldErrors) =>
      step === null ? Object.keys(errors) : errorsOfStep(errors, step);
    const own = validateForm(this.form.peek(), this.#options.names);
    const isOld = this.check.checking.peek() && wrong(own).length === 0 &&
      wrong(this.errors.peek()).length > 0;
    if (!isOld) return true;
    this.waiting.value = true;
    const isCurrent = await this.check.settled();
    this.waiting.value = false;
    return isCurrent && (step === null || this.form.peek().step === step);
  }

  /** Goes one step back. */
  back(): void {
    const previous = STEPS[STEPS.indexOf(this.form.peek().step) - 1];
    if (previous !== undefined) this.dispatch({ type: "go", step: previous });
  }

  /** Goes to a field: its step opens, and the field takes the focus. */
  goToField(pointer: string): void {
    this.dispatch({ type: "go", step: stepOf(pointer) });
    focusField(fieldName(pointer));
  }

  /** Sends the spawn, unless something is wrong or unread. */
  async submit(): Promise<void> {
    if (!await this.#isSettled(null)) return;
    const wrong = Object.keys(this.errors.peek());
    const first = wrong[0];
    if (first !== undefined) {
      this.dispatch({ type: "reveal", pointers: wrong });
      this.dispatch({ type: "go", step: stepOf(first) });
      this.refusals.value++;
      return;
    }
    if (this.#hasUnreadWarnings()) {
      this.problem.value = "Read the warnings and tick “I understand” first";
      this.refusals.value++;
      return;
    }
    await this.#send();
  }

  /** Proves the second factor and sends the spawn again; rejects where the code is refused. */
  async prove(proof: StepUpRequest): Promise<void> {
    await this.live.prove(proof);
    await this.#send();
  }

  #hasUnreadWarnings(): boolean {
    const warnings = this.check.validation.peek()?.warnings ?? [];
    return warnings.length > 0 && !this.form.peek().acknowledged;
  }

  async #send(): Promise<void> {
    const { template, values, acknowledged } = this.form.peek();
    const request = {
      ...(template === null ? {} : { template }),
      config: toConfigInput(values),
      acknowledgeWarnings: acknowledged,
      ...(isLiveForm(values)
        ? { confirmName: String(values[CONFIRM_POINTER]).trim() }
        : {}),
    };
    // The same request keeps its key, so that a retry after a lost answer spawns once.
    const body = JSON.stringify(request);
    if (this.#attempt?.body !== body) {
      this.#attempt = { body, key: this.#options.api.newKey() };
    }
    this.sending.value = true;
    this.problem.value = null;
    try {
      const agent = await this.#options.api.spawn(request, this.#attempt.key);
      this.forgetDraft();
      this.#options.onSpawned(agent);
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.sending.value = false;
    }
  }

  #refuse(error: unknown): void {
    if (isProofNeeded(error)) {
      this.live.isProofAsked.value = true;
      return;
    }
    if (!(error instanceof ApiProblem)) {
      this.problem.value = explain(error);
    } else {
      const { problem } = error;
      this.#attempt = null;
      const errors = problem.errors ??
        (problem.code === "AGENT_NAME_TAKEN"
          ? [{
            pointer: "/config/name",
            code: problem.code,
            detail: problem.detail,
          }]
          : []);
      if (errors.length > 0) this.dispatch({ type: "refused", errors });
      this.problem.value = problem;
    }
    this.refusals.value++;
  }

  #onChecked({ warnings }: ValidationResponse, input: string): void {
    this.checkedName.value = String(JSON.parse(input).name);
    const key = warningsKey(warnings);
    if (key !== this.#warned && this.form.peek().acknowledged) {
      const action = { type: "acknowledge", value: false } as const;
      this.form.value = reduce(this.form.peek(), action);
    }
    this.#warned = key;
  }

  #allErrors(): FieldErrors {
    const errors: Record<string, string> = {
      ...validateForm(this.form.value, this.#options.names),
    };
    for (
      const { pointer, detail } of this.check.validation.value?.errors ?? []
    ) {
      errors[pointer] ??= detail;
    }
    return errors;
  }

  async #loadCandleFiles(): Promise<void> {
    try {
      this.candleFiles.value = (await this.#options.api.candleFiles()).items;
    } catch {
      // The field says that there is no file to choose; the other feed works without.
      this.candleFiles.value = [];
    }
  }
}
