import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PasskeyView } from "../lib/contracts/passkey.ts";
import { Button } from "../lib/ui/Button.tsx";
import { Card } from "../lib/ui/Card.tsx";
import { explainFully } from "../lib/ui/client/explain_fully.ts";
import { api, offlineReason } from "../lib/ui/client/live.ts";
import { makePasskey, passkeyRefusal } from "../lib/ui/client/passkeys.ts";
import { Field } from "../lib/ui/Field.tsx";
import { FormError } from "../lib/ui/FormError.tsx";
import { PasskeyProof } from "../lib/ui/settings/PasskeyProof.tsx";
import { PasskeyRow } from "../lib/ui/settings/PasskeyRow.tsx";
import { useProof } from "../lib/ui/settings/use_proof.tsx";

/** The passkeys of a person: add, rename, remove. */
export default function PasskeyList(
  { passkeys, maximum, hasAuthenticator }: {
    passkeys: readonly PasskeyView[];
    /** How many one person may have. */
    maximum: number;
    hasAuthenticator: boolean;
  },
) {
  const known = useSignal(passkeys);
  const name = useSignal("");
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  const refusal = useSignal<string | null>("Passkeys need JavaScript");
  const { withProof, dialog } = useProof();
  useEffect(() => {
    refusal.value = passkeyRefusal();
  }, []);
  const reload = async () => {
    known.value = (await api.passkeys()).items;
  };
  const act = async (work: () => Promise<unknown>) => {
    busy.value = true;
    error.value = null;
    try {
      if (await withProof(work) !== null) await reload();
    } catch (reason) {
      error.value = explainFully(reason);
    } finally {
      busy.value = false;
    }
  };
  const add = () =>
    act(async () => {
      const credential = await makePasskey(await api.passkeyOptions());
      const added = await api.addPasskey({
        name: name.value.trim() || "Passkey",
        credential,
      });
      name.value = "";
      return added;
    });
  const isFull = known.value.length >= maximum;
  const isAlone = known.value.length === 1 && !hasAuthenticator;
  return (
    <Card title="Passkeys">
      <div class="settings-form" data-testid="passkeys">
        <p>
          A passkey logs you in without password, and proves that it is you. It
          stays on your device or in your password manager, and works for this
          address only.
        </p>
        {known.value.length === 0
          ? <p class="muted">You have no passkey yet.</p>
          : (
            <ul class="passkeys">
              {known.value.map((passkey) => (
                <PasskeyRow
                  key={passkey.id}
                  passkey={passkey}
                  onRename={(to) =>
                    act(() => api.renamePasskey(passkey.id, to))}
                  onRemove={() =>
                    act(async () => {
                      await api.removePasskey(passkey.id);
                      return true;
                    })}
                />
              ))}
            </ul>
          )}
        {known.value.length > 0 && <PasskeyProof />}
        {isAlone && (
          <p class="tone-warn">
            It is your only second factor. Add another passkey or an
            authenticator, which has recovery codes: who loses all of them needs
            an administrator.
          </p>
        )}
        <FormError message={error.value ?? undefined} />
        <form
          class="form-line"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const isOff = refusal.value !== null || offlineReason() !== null;
            if (!busy.value && !isOff && !isFull) void add();
          }}
        >
          <Field name="passkey-name" label="Name of a new passkey">
            <input
              class="input"
              value={name.value}
              maxLength={40}
              placeholder="Laptop"
              autocomplete="off"
              data-testid="field-passkey-name"
              onInput={(event) => name.value = event.currentTarget.value}
            />
          </Field>
          <Button
            type="submit"
            kind="primary"
            busy={busy.value}
            disabledReason={isFull
              ? `You have ${maximum} passkeys, the most that are allowed`
              : refusal.value ?? offlineReason()}
            data-testid="passkey-add"
          >
            Add a passkey
          </Button>
        </form>
        {refusal.value !== null && <p class="muted">{refusal.value}.</p>}
      </div>
      {dialog}
    </Card>
  );
}
