import { useSignal } from "@preact/signals";
import { Button } from "../Button.tsx";
import { explain } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { signWithPasskey } from "../client/passkeys.ts";
import { FormError } from "../FormError.tsx";

/** Proves anew who asks, for forms that can take a code only. */
export function PasskeyProof({ refusal }: { refusal: string | null }) {
  const provenUntil = useSignal<string | null>(null);
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  const prove = async () => {
    busy.value = true;
    error.value = null;
    try {
      const passkey = await signWithPasskey(await api.stepUpOptions());
      provenUntil.value = (await api.stepUp({ passkey })).freshUntil;
    } catch (reason) {
      error.value = explain(reason);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="form-line">
      <FormError message={error.value ?? undefined} />
      <Button
        disabledReason={refusal}
        busy={busy.value}
        data-testid="passkey-prove"
        onClick={() => void prove()}
      >
        Prove now that it is you
      </Button>
      <p class="muted" role="status">
        {provenUntil.value === null
          ? "For forms that ask for a code: leave it empty then."
          : `Proven until ${provenUntil.value.slice(11, 19)} UTC.`}
      </p>
    </div>
  );
}
