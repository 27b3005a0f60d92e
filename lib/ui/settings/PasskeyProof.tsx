import { useSignal } from "@preact/signals";
import { Button } from "../Button.tsx";
import { FormError } from "../FormError.tsx";
import { usePasskeyProof } from "./use_passkey.ts";

/** Proves anew who asks, before something that wants it. */
export function PasskeyProof() {
  const provenUntil = useSignal<string | null>(null);
  const { refusal, error, busy, prove } = usePasskeyProof();
  return (
    <div class="form-line">
      <FormError message={error ?? undefined} />
      <Button
        disabledReason={refusal}
        busy={busy}
        data-testid="passkey-prove"
        onClick={() =>
          void prove().then((view) => {
            if (view !== null) provenUntil.value = view.freshUntil;
          })}
      >
        Prove now that it is you
      </Button>
      <p class="muted" role="status">
        {provenUntil.value === null
          ? "It counts for five minutes, wherever a proof is asked for."
          : `Proven until ${provenUntil.value.slice(11, 19)} UTC.`}
      </p>
    </div>
  );
}
