import { Field } from "../Field.tsx";
import { FormError } from "../FormError.tsx";
import { type FormProof, ProofField } from "../ProofField.tsx";

/** What can be done to a host. */
export type HostAction = "drain" | "forget";

/** The question before a host is drained or forgotten. */
export interface HostFormProps {
  action: HostAction;
  id: string;
  errors: Readonly<Record<string, string>>;
  proof: FormProof;
}

const WORDS: Readonly<
  Record<HostAction, { title: string; what: string; button: string }>
> = {
  drain: {
    title: "Drain",
    what:
      "It takes no new agents, stops those that it has in order, and ends. The " +
      "others go on with them; those that trade with money wait for it. Whatever " +
      "supervises the process may start it again.",
    button: "Drain the host",
  },
  forget: {
    title: "Forget",
    what:
      "Only of a machine that never comes back. Its agents go on elsewhere, those " +
      "that trade with money included, from what the store mirrors of their order " +
      "journals; what a host did in its last second may be missing there, and is " +
      "found again at the exchange.",
    button: "Forget the host for good",
  },
};

/** Asks, and sends a plain form; a passkey needs script. */
export function HostForm({ action, id, errors, proof }: HostFormProps) {
  const { title, what, button } = WORDS[action];
  return (
    <form
      id="host-form"
      method="post"
      action="/settings/system"
      class="host-form"
      data-testid="host-form"
      noValidate
    >
      <h3>
        {title} {id}?
      </h3>
      <p>{what}</p>
      <input type="hidden" name="action" value={action} />
      <input type="hidden" name="host" value={id} />
      <FormError message={errors[""]} />
      {action === "forget" && (
        <Field
          name="confirm"
          label="Type the name of the host"
          error={errors["confirm"] ?? null}
        >
          <input
            class="input input-mono"
            name="confirm"
            autocomplete="off"
            spellcheck={false}
            data-testid="host-confirm"
          />
        </Field>
      )}
      <ProofField
        name="host-proof"
        proof={proof}
        errors={errors}
        testId="host"
      />
      <Buttons proof={proof} button={button} />
    </form>
  );
}

function Buttons(
  { proof: { typed, hasPasskey, isFresh, passkeyButton }, button }: {
    proof: FormProof;
    button: string;
  },
) {
  const isOnly = typed === null && !isFresh;
  return (
    <div class="form-actions">
      <a class="btn btn-default" href="/settings/system">Cancel</a>
      {hasPasskey && !isFresh && passkeyButton({
        label: isOnly ? `${button} with a passkey` : "Use a passkey",
        isOnly,
      })}
      {!isOnly && (
        <button
          type="submit"
          class="btn btn-danger"
          data-testid="host-submit"
        >
          {button}
        </button>
      )}
    </div>
  );
}
