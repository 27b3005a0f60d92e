import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type ProofWays, proofWaysOf } from "../contracts/proof_ways.ts";
import type { StepUpRequest } from "../contracts/second_factor.ts";
import { Button } from "./Button.tsx";
import { ApiProblem, explain } from "./client/api_client.ts";
import { api } from "./client/live.ts";
import { passkeyRefusal, signWithPasskey } from "./client/passkeys.ts";
import { Dialog } from "./Dialog.tsx";
import { Field } from "./Field.tsx";
import { FormError } from "./FormError.tsx";

/** What the dialog needs. */
export interface FreshProofProps {
  open: boolean;
  /** What is done next, as the button says it. */
  goOn: string;
  onClose: () => void;
  /** Gives the proof and goes on; rejects where it is refused. */
  onProve: (proof: StepUpRequest) => Promise<void>;
}

/** What is asked for of whom nothing is known. */
const UNKNOWN: ProofWays = { typed: "code", hasPasskey: false };

/** Asks for a fresh proof in between, and goes on with what was wanted. */
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
  const ways = useSignal(UNKNOWN);
  const text = useSignal("");
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  useEffect(() => {
    // What a person has decides what is asked for; where that is unknown, a code.
    api.factor().then((view) => ways.value = proofWaysOf(view)).catch(() => {});
  }, []);
  const { typed, hasPasskey } = ways.value;
  const attempt = async (proof: () => Promise<StepUpRequest>) => {
    busy.value = true;
    error.value = null;
    try {
      await onProve(await proof());
    } catch (reason) {
      error.value = reason instanceof ApiProblem
        ? reason.problem.detail
        : explain(reason);
    } finally {
      busy.value = false;
    }
  };
  const withTyped = () =>
    attempt(() =>
      Promise.resolve(
        typed === "password"
          ? { password: text.value }
          : { code: text.value.trim() },
      )
    );
  const withPasskey = () =>
    attempt(async () => ({
      passkey: await signWithPasskey(await api.stepUpOptions()),
    }));
  return (
    <form
      class="dialog-body"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy.value && typed !== null) void withTyped();
      }}
    >
      <h2>Prove that it is you</h2>
      <p>
        This matters, so you are asked once more who you are. It counts for five
        minutes.
      </p>
      {typed === null ? <FormError message={error.value ?? undefined} /> : (
        // Not the same control with other attributes: a maxLength that goes becomes 0.
        <TypedProof
          key={typed}
          typed={typed}
          text={text}
          error={error.value}
        />
      )}
      <div class="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        {hasPasskey && (
          <Button
            kind={typed === null ? "primary" : "default"}
            busy={busy.value}
            disabledReason={passkeyRefusal()}
            data-testid="proof-passkey"
            onClick={() => void withPasskey()}
          >
            Use a passkey
          </Button>
        )}
        {typed !== null && (
          <Button
            type="submit"
            kind="primary"
            busy={busy.value}
            data-testid="proof-submit"
          >
            {goOn}
          </Button>
        )}
      </div>
    </form>
  );
}

function TypedProof(
  { typed, text, error }: {
    typed: NonNullable<ProofWays["typed"]>;
    text: Signal<string>;
    error: string | null;
  },
) {
  if (typed === "password") {
    return (
      <Field name="proof-password" label="Your password" error={error}>
        <input
          class="input"
          type="password"
          autocomplete="current-password"
          value={text.value}
          autofocus
          data-testid="field-proof-password"
          onInput={(event) => text.value = event.currentTarget.value}
        />
      </Field>
    );
  }
  return (
    <Field
      name="proof-code"
      label="Code of your authenticator"
      help="Six digits, or one of your recovery codes"
      error={error}
    >
      <input
        class="input input-code"
        autocomplete="one-time-code"
        spellcheck={false}
        maxLength={16}
        value={text.value}
        autofocus
        data-testid="field-proof-code"
        onInput={(event) => text.value = event.currentTarget.value}
      />
    </Field>
  );
}
