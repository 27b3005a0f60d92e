import { RELEASE_WORD, type StopView } from "../../contracts/emergency.ts";
import { Field } from "../Field.tsx";
import { FormError } from "../FormError.tsx";
import { type FormProof, ProofField } from "../ProofField.tsx";

/** A release that was refused. */
export interface ReleaseRefusal {
  id: string;
  reason: string;
  errors: Readonly<Record<string, string>>;
}

/** Releases one stop, or says why the user may not. A plain form; a passkey needs script. */
export function ReleaseForm(
  { stop, refusal, refused, proof }: {
    stop: StopView;
    refusal: string | null;
    refused: ReleaseRefusal | null;
    proof: FormProof;
  },
) {
  if (refusal !== null) return <p class="page-lead">Release: {refusal}.</p>;
  const errors = refused?.errors ?? {};
  const field = (name: string) => `${name}-${stop.id}`;
  return (
    <details class="disclosure" open={refused !== null}>
      <summary data-testid="release-open">Release</summary>
      <form
        method="post"
        action="/emergency-stop"
        class="stop-release"
        data-testid="release-form"
        noValidate
      >
        <input type="hidden" name="release" value={stop.id} />
        <FormError message={errors[""]} />
        <Field
          name={field("reason")}
          label="Why trading may go on"
          error={errors["reason"] ?? null}
        >
          <input
            class="input"
            name="reason"
            maxLength={200}
            value={refused?.reason ?? ""}
            data-testid="release-reason"
          />
        </Field>
        <Field
          name={field("confirm")}
          label={`Type ${RELEASE_WORD}`}
          error={errors["confirm"] ?? null}
        >
          <input
            class="input"
            name="confirm"
            autocomplete="off"
            data-testid="release-confirm"
          />
        </Field>
        <ProofField
          name={field("proof")}
          proof={proof}
          errors={errors}
          testId="release"
        />
        <ReleaseButtons proof={proof} />
      </form>
    </details>
  );
}

function ReleaseButtons({ proof }: { proof: FormProof }) {
  const { typed, hasPasskey, isFresh, passkeyButton } = proof;
  const isOnly = typed === null && !isFresh;
  return (
    <div class="dialog-actions">
      {hasPasskey && !isFresh && passkeyButton({
        label: isOnly ? "Release with a passkey" : "Use a passkey",
        isOnly,
      })}
      {!isOnly && (
        <button
          type="submit"
          class="btn btn-primary"
          data-testid="release-submit"
        >
          Release, and let trading go on
        </button>
      )}
    </div>
  );
}
