import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Problem } from "../../contracts/problem.ts";
import type {
  FieldErrors,
  SpawnAction,
  SpawnForm,
  Step,
} from "../spawn_form.ts";

/** What the frame of a spawn dialog needs of what is spawned in it. */
export interface DialogSession {
  /** What is spawned, for titles and buttons. */
  readonly noun: "agent" | "team";
  /** The steps that it has, in order. */
  readonly steps: readonly Step[];
  readonly form: Signal<SpawnForm>;
  /** Errors that may be shown. */
  readonly shown: ReadonlySignal<FieldErrors>;
  readonly sending: Signal<boolean>;
  /** Somebody wants to go on, and the server still checks what is in the form. */
  readonly waiting: Signal<boolean>;
  /** A refusal that belongs to no field. */
  readonly problem: Signal<Problem | string | null>;
  /** Raised when a step or the form was refused, so that the summary takes the focus. */
  readonly refusals: Signal<number>;
  /** Why nothing lies before the open step, or null. */
  readonly backRefusal: string | null;
  /** Warnings of the server. */
  readonly warningCount: number;
  dispatch(action: SpawnAction): void;
  back(): void;
  goToField(pointer: string): void;
}

/** Opens the step of a field and gives it the focus. */
export function focusField(name: string): void {
  requestAnimationFrame(() => {
    const field = document.getElementById(name);
    field?.closest("details")?.setAttribute("open", "");
    field?.focus();
  });
}
