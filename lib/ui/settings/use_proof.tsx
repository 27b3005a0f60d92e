import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { isProofNeeded } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { FreshProofDialog } from "../FreshProofDialog.tsx";

/** Something that may need a fresh proof, and what to do about its end. */
interface Pending {
  run: () => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** Runs commands that may need a fresh proof, and the dialog that asks for it. */
export interface ProofGuard {
  /**
   * Runs a command; where the server wants a fresh proof, it is asked for and
   * the command repeated. Null where the person has thought better of it.
   */
  withProof<T>(run: () => Promise<T>): Promise<T | null>;
  dialog: VNode;
}

/** A guard for one island. Its dialog has to be painted once. */
export function useProof(): ProofGuard {
  const pending = useSignal<Pending | null>(null);
  return {
    withProof: async <T,>(run: () => Promise<T>) => {
      try {
        return await run();
      } catch (error) {
        if (!isProofNeeded(error)) throw error;
      }
      return await new Promise<T | null>((resolve, reject) => {
        pending.value = {
          run,
          resolve: resolve as (value: unknown) => void,
          reject,
        };
      });
    },
    dialog: (
      <FreshProofDialog
        open={pending.value !== null}
        goOn="Prove and go on"
        onClose={() => {
          pending.value?.resolve(null);
          pending.value = null;
        }}
        onProve={async (proof) => {
          await api.stepUp(proof);
          const waiting = pending.value;
          pending.value = null;
          // What it comes to is told where it was asked for.
          waiting?.run().then(waiting.resolve, waiting.reject);
        }}
      />
    ),
  };
}
