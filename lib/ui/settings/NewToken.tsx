import { type Signal, useSignal } from "@preact/signals";
import type { ApiTokenRequest } from "../../contracts/api_token.ts";
import type { Action } from "../../contracts/policy.ts";
import { Button } from "../Button.tsx";
import { Field } from "../Field.tsx";
import { FormError } from "../FormError.tsx";

/** Lives that are offered, in days. */
const LIVES = [1, 7, 30, 90, 180, 365];

/** What the form of a new token needs. */
export interface NewTokenProps {
  /** What this person may make a token for. */
  scopes: readonly Action[];
  busy: boolean;
  /** Why none can be made now, or null. */
  refusal: string | null;
  /** By name of the field; an empty name is about the form as a whole. */
  errors: Readonly<Record<string, string>>;
  onCreate: (request: ApiTokenRequest) => void;
}

/** Name, life and scopes of a new token. Nothing is chosen beforehand: a token should do little. */
export function NewToken(
  { scopes, busy, refusal, errors, onCreate }: NewTokenProps,
) {
  const name = useSignal("");
  const days = useSignal(90);
  const chosen = useSignal<readonly Action[]>([]);
  return (
    <form
      class="card settings-form"
      data-testid="token-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (busy || refusal !== null) return;
        onCreate({
          name: name.value,
          scopes: [...chosen.value],
          expiresInDays: days.value,
        });
      }}
    >
      <h2>Make a token</h2>
      <FormError message={errors[""]} />
      <Field
        name="name"
        label="Name"
        help="What it is for, so that you know later which one to revoke"
        error={errors["name"] ?? null}
      >
        <input
          class="input"
          maxLength={60}
          value={name.value}
          data-testid="field-name"
          onInput={(event) => name.value = event.currentTarget.value}
        />
      </Field>
      <Field
        name="expiresInDays"
        label="Works for"
        error={errors["expiresInDays"] ?? null}
      >
        <select
          class="input"
          value={days.value}
          data-testid="field-expiresInDays"
          onChange={(event) => days.value = Number(event.currentTarget.value)}
        >
          {LIVES.map((life) => (
            <option key={life} value={life}>
              {life === 1 ? "1 day" : `${life} days`}
            </option>
          ))}
        </select>
      </Field>
      <ScopeChoices
        scopes={scopes}
        chosen={chosen}
        error={errors["scopes"] ?? null}
      />
      <Button
        type="submit"
        kind="primary"
        busy={busy}
        disabledReason={refusal}
        data-testid="token-create"
      >
        Make the token
      </Button>
    </form>
  );
}

function ScopeChoices(
  { scopes, chosen, error }: {
    scopes: readonly Action[];
    chosen: Signal<readonly Action[]>;
    error: string | null;
  },
) {
  const toggle = (scope: Action) => {
    chosen.value = chosen.value.includes(scope)
      ? chosen.value.filter((other) => other !== scope)
      : [...chosen.value, scope];
  };
  const reading = scopes.filter((scope) => scope.endsWith(".read"));
  return (
    <fieldset
      class="scope-choices"
      {...(error === null ? {} : { "aria-describedby": "scopes-error" })}
    >
      <legend>What it may do</legend>
      <Button small onClick={() => chosen.value = reading}>
        Everything that only reads
      </Button>
      <div class="scope-list">
        {scopes.map((scope) => (
          <label key={scope}>
            <input
              type="checkbox"
              checked={chosen.value.includes(scope)}
              data-testid={`scope-${scope}`}
              onChange={() => toggle(scope)}
            />{" "}
            <code>{scope}</code>
          </label>
        ))}
      </div>
      {error !== null && (
        <p class="field-error" id="scopes-error" data-testid="error-scopes">
          {error}
        </p>
      )}
    </fieldset>
  );
}
