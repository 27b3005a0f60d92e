import { useSignal } from "@preact/signals";
import { Button } from "./Button.tsx";
import { ApiProblem, explain } from "./client/api_client.ts";
import { Dialog } from "./Dialog.tsx";
import { Field } from "./Field.tsx";

/** What the dialog needs. */
export interface FreshProofProps {
  open: boolean;
  /** What is done next, as the button says it. */
  goOn: string;
  onClose: () => void;
  /** Proves the code and goes on; rejects where it is refused. */
  onProve: (code: string) => Promise<void>;
}

/** Asks for a code of the second factor in between, and goes on with what was wanted. */
export function FreshProofDialog(props: FreshProofProps) {
  return (
    <Dialog
      label="Prove that it is you"
      open={props.open}
      onClose={props.onClose}
      testId="proof-dialog"
    >
      <ProofForm {...props} />
    </Dialog>
  );
}

function ProofForm({ goOn, onClose, onProve }: FreshProofProps) {
  const code = useSignal("");
  const error = useSignal<string | null>(null);
  const lacksFactor = useSignal(false);
  const busy = useSignal(false);
  const prove = async () => {
    busy.value = true;
    error.value = null;
    try {
      await onProve(code.value.trim());
    } catch (reason) {
      error.value = explain(reason);
      lacksFactor.value = reason instanceof ApiProblem &&
        reason.problem.code === "FACTOR_STATE_CONFLICT";
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="dialog-body"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy.value) void prove();
      }}
    >
      <h2>Prove that it is you</h2>
      <p>
        Real money is at stake, so a code of your second factor is asked for. It
        counts for five minutes.
      </p>
      <Field
        name="proof-code"
        label="Code of your authenticator"
        help="Six digits, or one of your recovery codes"
        error={error.value}
      >
        <input
          class="input input-code"
          autocomplete="one-time-code"
          spellcheck={false}
          maxLength={16}
          value={code.value}
          autofocus
          data-testid="field-proof-code"
          onInput={(event) => code.value = event.currentTarget.value}
        />
      </Field>
      {lacksFactor.value && (
        <p>
          <a href="/settings/second-factor" target="_blank" rel="noopener">
            Set up your second factor (new tab)
          </a>
        </p>
      )}
      <div class="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          kind="primary"
          busy={busy.value}
          data-testid="proof-submit"
        >
          {goOn}
        </Button>
      </div>
    </form>
  );
}
