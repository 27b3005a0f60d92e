import { useSignal } from "@preact/signals";
import type { LinkResponse } from "../../../contracts/people.ts";
import { Button } from "../../Button.tsx";
import { Dialog } from "../../Dialog.tsx";
import { Field } from "../../Field.tsx";
import { formatDateTime, zoneName } from "../../format.ts";

/** A link that was just made. It is shown this once. */
export function LinkDialog(
  { made, onClose }: { made: LinkResponse | null; onClose: () => void },
) {
  return (
    <Dialog
      label="One-time link"
      open={made !== null}
      onClose={onClose}
      testId="link-dialog"
    >
      {made !== null && <Link made={made} onClose={onClose} />}
    </Dialog>
  );
}

function Link(
  { made: { link, invite }, onClose }: {
    made: LinkResponse;
    onClose: () => void;
  },
) {
  const copied = useSignal<"" | "Copied" | "Select the link and copy it">("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      copied.value = "Copied";
    } catch {
      copied.value = "Select the link and copy it";
    }
  };
  return (
    <div class="dialog-body">
      <h2>
        {invite.kind === "invite"
          ? `Invitation for ${invite.email}`
          : `New password for ${invite.email}`}
      </h2>
      <p>
        Hand this link to {invite.email}{" "}
        by a way that only they read; no e-mail is sent. It works once, until
        {" "}
        {formatDateTime(Date.parse(invite.expiresAt))}{" "}
        {zoneName()}, and is shown this once.
      </p>
      <Field name="link" label="Link">
        <input
          class="input input-mono"
          value={link}
          readOnly
          autofocus
          data-testid="field-link"
          onFocus={(event) => event.currentTarget.select()}
        />
      </Field>
      <p class="muted" role="status">{copied.value}</p>
      <div class="dialog-actions">
        <Button onClick={onClose} data-testid="link-close">Done</Button>
        <Button kind="primary" onClick={() => void copy()}>
          Copy the link
        </Button>
      </div>
    </div>
  );
}
