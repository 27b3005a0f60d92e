import type { StepUpRequest } from "../../../contracts/second_factor.ts";
import {
  computed,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type { CandleFile } from "../../../contracts/feed.ts";
import type { Problem } from "../../../contracts/problem.ts";
import {
  teamNameSchema,
  type TeamTemplate,
  type TeamValidationResponse,
  type TeamView,
} from "../../../contracts/team.ts";
import {
  type ApiClient,
  ApiProblem,
  explain,
  isProofNeeded,
} from "../../client/api_client.ts";
import {
  errorsOfStep,
  type FieldErrors,
  fieldName,
  isDirty,
  reduce,
  shownErrors,
  type SpawnAction,
  type SpawnForm,
  stepOf,
  validateForm,
  warningsKey,
} from "../../spawn_form.ts";
import { ServerCheck } from "../server_check.ts";
import { type DialogSession, focusField } from "../dialog_session.ts";
import { LiveChoice } from "../live_choice.ts";
import {
  createTeamForm,
  TEAM_STEPS,
  teamErrors,
  teamPointer,
  toTeamRequest,
  toTeamSpawn,
  withTeamName,
} from "./team_form.ts";

/** What a session needs from outside. */
export interface TeamSessionOptions {
  api: Pick<
    ApiClient,
    | "validateTeam"
    | "spawnTeam"
    | "candleFiles"
    | "newKey"
    | "exchangeKeys"
    | "stepUp"
  >;
  template: TeamTemplate;
  /** Names of teams that are taken. */
  names: readonly string[];
  /** Leaves the team for the choice of templates. */
  onBack: () => void;
  onSpawned: (team: TeamView) => void;
}

/** A dialog in which a team is spawned, from opening to closing. */
export class TeamSession implements DialogSession {
  readonly noun = "team";
  readonly steps = TEAM_STEPS;
  readonly form: Signal<SpawnForm>;
  readonly errors: ReadonlySignal<FieldErrors>;
  readonly shown: ReadonlySignal<FieldErrors>;
  /** What the server says of the form. */
  readonly check: ServerCheck<TeamValidationResponse>;
  readonly waiting = signal(false);
  readonly candleFiles: Signal<readonly CandleFile[] | null> = signal(null);
  readonly live: LiveChoice;
  readonly sending = signal(false);
  readonly problem: Signal<Problem | string | null> = signal(null);
  readonly refusals = signal(0);
  readonly #options: TeamSessionOptions;
  #attempt: { body: string; key: string } | null = null;
  #warned = "";

  constructor(options: TeamSessionOptions) {
    this.#options = options;
    this.live = new LiveChoice(options.api);
    this.form = signal(createTeamForm(options.template));
    this.check = new ServerCheck<TeamValidationResponse>({
      input: computed(() => JSON.stringify(toTeamRequest(this.form.value))),
      ask: (input) => options.api.validateTeam(withTeamName(JSON.parse(input))),
      onAnswer: (answer) => this.#onChecked(answer),
    });
    this.errors = computed(() => this.#allErrors());
    this.shown = computed(() =>
      shownErrors(this.form.value, this.errors.value)
    );
  }

  /** Starts the effects; the answer ends them. */
  start(): () => void {
    void this.#loadCandleFiles();
    return this.check.start();
  }

  /** Changes the form. */
  readonly dispatch = (action: SpawnAction): void => {
    this.problem.value = null;
    this.form.value = reduce(this.form.peek(), action);
  };

  get isDirty(): boolean {
    return isDirty(this.form.peek());
  }

  /** Before the first step lies the choice of templates. */
  readonly backRefusal = null;

  get warningCount(): number {
    return this.check.validation.value?.warnings.length ?? 0;
  }

  /** Goes to the next step, unless this one has errors; then they show. What the server still checks is waited for. */
  async next(): Promise<void> {
    const { step } = this.form.peek();
    if (errorsOfStep(this.errors.peek(), step).length > 0) {
      this.waiting.value = true;
      const isCurrent = await this.check.settled();
      this.waiting.value = false;
      if (!isCurrent || this.form.peek().step !== step) return;
    }
    const wrong = errorsOfStep(this.errors.peek(), step);
    if (wrong.length > 0) {
      return this.#refuseStep(wrong.map(([pointer]) => pointer));
    }
    const next = TEAM_STEPS[TEAM_STEPS.indexOf(step) + 1];
    if (next !== undefined) this.dispatch({ type: "go", step: next });
  }

  /** Goes one step back; from the first one to the templates. */
  back(): void {
    const previous = TEAM_STEPS[TEAM_STEPS.indexOf(this.form.peek().step) - 1];
    if (previous === undefined) this.#options.onBack();
    else this.dispatch({ type: "go", step: previous });
  }

  goToField(pointer: string): void {
    this.dispatch({ type: "go", step: stepOf(pointer) });
    focusField(fieldName(pointer));
  }

  /** Sends the spawn, unless something is wrong or unread. */
  async submit(): Promise<void> {
    const isWrong = Object.keys(this.errors.peek()).length > 0;
    if (isWrong && !await this.check.settled()) return;
    const wrong = Object.keys(this.errors.peek());
    if (wrong[0] !== undefined) {
      this.#refuseStep(wrong);
      return this.dispatch({ type: "go", step: stepOf(wrong[0]) });
    }
    if (this.warningCount > 0 && !this.form.peek().acknowledged) {
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

  #refuseStep(pointers: readonly string[]): void {
    this.dispatch({ type: "reveal", pointers });
    this.refusals.value++;
  }

  async #send(): Promise<void> {
    const { api, onSpawned } = this.#options;
    const request = toTeamSpawn(this.form.peek());
    // The same request keeps its key, so that a retry after a lost answer spawns once.
    const body = JSON.stringify(request);
    if (this.#attempt?.body !== body) {
      this.#attempt = { body, key: api.newKey() };
    }
    this.sending.value = true;
    this.problem.value = null;
    try {
      onSpawned(await api.spawnTeam(request, this.#attempt.key));
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
    if (error instanceof ApiProblem) {
      this.#attempt = null;
      const errors = (error.problem.errors ?? []).map((field) => ({
        ...field,
        pointer: teamPointer(field.pointer),
      }));
      if (errors.length > 0) this.dispatch({ type: "refused", errors });
      this.problem.value = error.problem;
    } else this.problem.value = explain(error);
    this.refusals.value++;
  }

  #onChecked({ warnings }: TeamValidationResponse): void {
    const key = warningsKey(warnings);
    if (key !== this.#warned && this.form.peek().acknowledged) {
      this.dispatch({ type: "acknowledge", value: false });
    }
    this.#warned = key;
  }

  #allErrors(): FieldErrors {
    const form = this.form.value;
    const errors: Record<string, string> = {
      ...validateForm(form, this.#options.names),
    };
    // Longer names are good for an agent than for a team, whose roles come behind.
    const name = teamNameSchema.safeParse(form.values["/name"]);
    delete errors["/name"];
    const issue = name.error?.issues[0]?.message ??
      validateForm(form, this.#options.names)["/name"];
    if (issue !== undefined) errors["/name"] = issue;
    const { errors: remarks, members } = this.check.validation.value ??
      { errors: [], members: [] };
    for (
      const [pointer, detail] of Object.entries(teamErrors(remarks, members))
    ) {
      errors[pointer] ??= detail;
    }
    return errors;
  }

  async #loadCandleFiles(): Promise<void> {
    try {
      this.candleFiles.value = (await this.#options.api.candleFiles()).items;
    } catch {
      // The field says that there is no file to choose; the other feeds work without.
      this.candleFiles.value = [];
    }
  }
}
