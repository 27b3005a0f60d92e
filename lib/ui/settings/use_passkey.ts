import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SecondFactorView } from "../../contracts/second_factor.ts";
import { explain } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { passkeyRefusal, signWithPasskey } from "../client/passkeys.ts";

/** What stands in the way until the page's script runs. */
const NO_SCRIPT = "Passkeys need JavaScript";

/** A fresh proof by passkey, for one island. */
export interface PasskeyProofState {
  /** Why a passkey cannot be used on this page; null where it can. */
  refusal: string | null;
  /** What went wrong; null for nothing. */
  error: string | null;
  busy: boolean;
  /** Proves it. Null where it failed, which is told in `error` then. */
  prove(): Promise<SecondFactorView | null>;
}

/** Proves by a passkey who is logged in; it counts for a few minutes. */
export function usePasskeyProof(): PasskeyProofState {
  const refusal = useSignal<string | null>(NO_SCRIPT);
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  useEffect(() => {
    refusal.value = passkeyRefusal();
  }, []);
  return {
    refusal: refusal.value,
    error: error.value,
    busy: busy.value,
    prove: async () => {
      busy.value = true;
      error.value = null;
      try {
        const passkey = await signWithPasskey(await api.stepUpOptions());
        return await api.stepUp({ passkey });
      } catch (reason) {
        error.value = explain(reason);
        return null;
      } finally {
        busy.value = false;
      }
    },
  };
}
