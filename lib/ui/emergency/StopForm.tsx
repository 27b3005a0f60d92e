import type { ComponentChildren } from "preact";
import { LEVERS, type ScopeKind } from "../../contracts/emergency.ts";
import { Field } from "../Field.tsx";
import { FormError } from "../FormError.tsx";
import { Glyph } from "../Glyph.tsx";
import type { StopDraft } from "./stop_form.ts";
import { LEVER_CHOICES } from "./words.ts";

/** What the form shows. */
export interface StopFormProps {
  draft: StopDraft;
  /** Id that this form's stop will have, so that sending it twice is one stop. */
  id: string;
  agents: readonly { id: string; name: string }[];
  errors: Readonly<Record<string, string>>;
  /** Why the user may not stop, or null. */
  refusal: string | null;
  /** One Enter stops: where nothing else on the page is to be read first. */
  isFirst: boolean;
}

/** Scope, lever and reason: a plain form whose first button stops. */
export function StopForm(
  { draft, id, agents, errors, refusal, isFirst }: StopFormProps,
) {
  return (
    <form
      method="post"
      action="/emergency-stop"
      class="card stop-form"
      data-testid="emergency-form"
      noValidate
    >
      <input type="hidden" name="id" value={id} />
      <FormError message={errors[""]} />
      <ScopeChoices draft={draft} agents={agents} error={errors["scope"]} />
      <fieldset class="choices">
        <legend>Lever</legend>
        {LEVERS.map((lever) => (
          <Choice
            key={lever}
            name="lever"
            value={lever}
            isChosen={draft.lever === lever}
          >
            <b>{LEVER_CHOICES[lever].label}</b>
            <span class="choice-help">{LEVER_CHOICES[lever].help}</span>
          </Choice>
        ))}
        <label class="choice stop-inner">
          <input
            type="checkbox"
            name="withdrawAll"
            value="on"
            checked={draft.withdrawAll}
          />
          <span>
            With “Block and withdraw”: stops and targets, too
            <span class="choice-help">
              Positions are then without protection.
            </span>
          </span>
        </label>
      </fieldset>
      <Field
        name="reason"
        label="Reason"
        unit="optional"
        error={errors["reason"] ?? null}
      >
        <input
          class="input"
          name="reason"
          value={draft.reason}
          maxLength={200}
          data-testid="field-reason"
        />
      </Field>
      <p class="page-lead">
        A stop holds, also over restarts, until it is released here.
      </p>
      <div class="dialog-actions stop-actions">
        <a class="btn btn-default" href="/">Cancel</a>
        <button
          type="submit"
          class="btn btn-default"
          formMethod="get"
          name="show"
          value="drill"
          data-testid="emergency-drill"
        >
          What would happen
        </button>
        <StopButton refusal={refusal} isFirst={isFirst} />
      </div>
    </form>
  );
}

function StopButton(
  { refusal, isFirst }: Pick<StopFormProps, "refusal" | "isFirst">,
) {
  if (refusal !== null) {
    return (
      <button
        type="button"
        class="btn btn-danger"
        aria-disabled="true"
        title={refusal}
        data-testid="emergency-submit"
      >
        <Glyph name="stop" /> Stop now <small>{refusal}</small>
      </button>
    );
  }
  return (
    <button
      type="submit"
      class="btn btn-danger"
      autofocus={isFirst}
      data-testid="emergency-submit"
    >
      <Glyph name="stop" /> Stop now
    </button>
  );
}

function ScopeChoices(
  { draft, agents, error }: {
    draft: StopDraft;
    agents: StopFormProps["agents"];
    error: string | undefined;
  },
) {
  const scope = (value: ScopeKind, children: ComponentChildren) => (
    <Choice name="scope" value={value} isChosen={draft.scope === value}>
      {children}
    </Choice>
  );
  return (
    <fieldset class="choices">
      <legend>What is stopped</legend>
      {scope("all", <b>Everything</b>)}
      {agents.length > 0 && (
        <div class="stop-scope">
          {scope("agent", "One agent")}
          <select class="input" name="agent" aria-label="Agent">
            {agents.map(({ id, name }) => (
              <option key={id} value={id} selected={id === draft.agentId}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <div class="stop-scope">
        {scope("user", "All agents of a user")}
        <input
          class="input"
          name="user"
          value={draft.user}
          aria-label="E-mail of the user"
        />
      </div>
      <div class="stop-scope">
        {scope("account", "All agents of an account")}
        <input
          class="input"
          name="account"
          value={draft.account}
          aria-label="Id of the exchange key, or paper"
        />
      </div>
      {error !== undefined && (
        <p class="field-error" role="alert" data-testid="error-scope">
          <Glyph name="cross" /> {error}
        </p>
      )}
    </fieldset>
  );
}

function Choice(
  { name, value, isChosen, children }: {
    name: string;
    value: string;
    isChosen: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <label class="choice">
      <input
        type="radio"
        name={name}
        value={value}
        checked={isChosen}
        data-testid={`${name}-${value}`}
      />
      <span>{children}</span>
    </label>
  );
}
