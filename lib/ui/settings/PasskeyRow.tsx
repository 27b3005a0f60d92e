import { useSignal } from "@preact/signals";
import type { PasskeyView } from "../../contracts/passkey.ts";
import { Button } from "../Button.tsx";
import { offlineReason } from "../client/live.ts";
import { Field } from "../Field.tsx";
import { formatDateTime, zoneName } from "../format.ts";

/** One passkey with what can be done with it. */
export function PasskeyRow(
  { passkey, onRename, onRemove }: {
    passkey: PasskeyView;
    onRename: (name: string) => Promise<void>;
    onRemove: () => Promise<void>;
  },
) {
  const mode = useSignal<"show" | "rename" | "remove">("show");
  const name = useSignal(passkey.name);
  const show = () => mode.value = "show";
  return (
    <li class="passkey" data-testid={`passkey-${passkey.name}`}>
      <div>
        <strong>{passkey.name}</strong>
        <p class="muted">
          For {passkey.rpId},{" "}
          {passkey.isSynced ? "synced between devices" : "on one device"}.{" "}
          {passkey.lastUsedAt === null
            ? "Never used yet."
            : `Used last ${
              formatDateTime(Date.parse(passkey.lastUsedAt))
            } ${zoneName()}.`}
        </p>
      </div>
      {mode.value === "show" && (
        <div class="passkey-actions">
          <Button
            small
            disabledReason={offlineReason()}
            data-testid="passkey-rename-open"
            aria-label={`Rename ${passkey.name}`}
            onClick={() => mode.value = "rename"}
          >
            Rename
          </Button>
          <Button
            small
            disabledReason={offlineReason()}
            data-testid="passkey-remove-open"
            aria-label={`Remove ${passkey.name}`}
            onClick={() => mode.value = "remove"}
          >
            Remove
          </Button>
        </div>
      )}
      {mode.value === "rename" && (
        <form
          class="form-line"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void onRename(name.value.trim()).then(show);
          }}
        >
          <Field name={`rename-${passkey.id}`} label="New name">
            <input
              class="input"
              value={name.value}
              maxLength={40}
              autofocus
              data-testid="field-rename"
              onInput={(event) => name.value = event.currentTarget.value}
            />
          </Field>
          <Button onClick={show}>Cancel</Button>
          <Button type="submit" kind="primary" data-testid="passkey-rename">
            Rename
          </Button>
        </form>
      )}
      {mode.value === "remove" && (
        <div class="passkey-question">
          <p>It logs nobody in any more. Delete it on your device, too.</p>
          <div class="form-actions">
            <Button autofocus onClick={show}>Keep it</Button>
            <Button
              kind="danger"
              data-testid="passkey-remove"
              onClick={() => void onRemove().then(show)}
            >
              Remove the passkey
            </Button>
          </div>
        </div>
      )}
    </li>
  );
}
