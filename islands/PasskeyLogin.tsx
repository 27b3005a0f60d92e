import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "../lib/ui/Button.tsx";
import { ApiProblem, explain } from "../lib/ui/client/api_client.ts";
import { api } from "../lib/ui/client/live.ts";
import { passkeyRefusal, signWithPasskey } from "../lib/ui/client/passkeys.ts";
import { CARRIED_ID } from "../lib/ui/settings/CarriedForm.tsx";
import { FormError } from "../lib/ui/FormError.tsx";

/** Logs in by a passkey alone. It needs script, so without it the button is not there. */
export default function PasskeyLogin(
  { next, isPrimary = false }: {
    /** Path to go to. */
    next: string;
    /** The only way on, after a password. */
    isPrimary?: boolean;
  },
) {
  const refusal = useSignal<string | null | undefined>(undefined);
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  useEffect(() => {
    refusal.value = passkeyRefusal();
  }, []);
  if (refusal.value === undefined) return null;
  const logIn = async () => {
    busy.value = true;
    error.value = null;
    try {
      await api.loginByPasskey(await signWithPasskey(await api.loginOptions()));
      goOn(next);
    } catch (reason) {
      error.value = reason instanceof ApiProblem
        ? reason.problem.detail
        : explain(reason);
      busy.value = false;
    }
  };
  return (
    <div class="gate-other">
      <FormError message={error.value ?? undefined} />
      <Button
        class="btn-wide"
        kind={isPrimary ? "primary" : "default"}
        busy={busy.value}
        disabledReason={refusal.value}
        data-testid="passkey-login"
        onClick={() => void logIn()}
      >
        Log in with a passkey
      </Button>
      {refusal.value !== null && <p class="gate-note">{refusal.value}.</p>}
    </div>
  );
}

/** To the page, or with the form that waits for the login. */
function goOn(next: string): void {
  const form = document.getElementById(CARRIED_ID);
  if (form instanceof HTMLFormElement) form.submit();
  else location.assign(next);
}
