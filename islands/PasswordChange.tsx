import { useSignal } from "@preact/signals";
import { Button } from "../lib/ui/Button.tsx";
import { Card } from "../lib/ui/Card.tsx";
import { ApiProblem } from "../lib/ui/client/api_client.ts";
import { explainFully } from "../lib/ui/client/explain_fully.ts";
import { api, offlineReason } from "../lib/ui/client/live.ts";
import { Banner } from "../lib/ui/Feedback.tsx";
import { FormError } from "../lib/ui/FormError.tsx";
import { useProof } from "../lib/ui/settings/use_proof.tsx";
import PasswordField from "./PasswordField.tsx";

/** Changes the person's own password, after a fresh proof. */
export default function PasswordChange(
  { email, minLength, maxLength }: {
    email: string;
    minLength: number;
    maxLength: number;
  },
) {
  const isDone = useSignal(false);
  const fieldError = useSignal<string | null>(null);
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  const { withProof, dialog } = useProof();
  const change = async (form: HTMLFormElement) => {
    const newPassword = String(new FormData(form).get("newPassword") ?? "");
    busy.value = true;
    fieldError.value = error.value = null;
    isDone.value = false;
    try {
      const done = await withProof(async () => {
        await api.changePassword(newPassword);
        return true;
      });
      isDone.value = done === true;
      if (isDone.value) form.reset();
    } catch (reason) {
      const about = reason instanceof ApiProblem
        ? reason.problem.errors?.find(({ pointer }) =>
          pointer === "/newPassword"
        )
        : undefined;
      if (about === undefined) error.value = explainFully(reason);
      else fieldError.value = about.detail;
    } finally {
      busy.value = false;
    }
  };
  return (
    <Card title="Change it">
      {isDone.value && (
        <Banner tone="ok" testId="password-changed">
          Your password is changed. Every other login of yours has ended.
        </Banner>
      )}
      <form
        class="settings-form password-form"
        noValidate
        data-testid="password-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy.value && offlineReason() === null) {
            void change(
              event.currentTarget,
            );
          }
        }}
      >
        <FormError message={error.value ?? undefined} />
        <input
          class="sr-only"
          type="email"
          name="email"
          value={email}
          autocomplete="username"
          tabIndex={-1}
          aria-hidden="true"
          readOnly
        />
        <PasswordField
          name="newPassword"
          label="New password"
          autocomplete="new-password"
          error={fieldError.value}
          minLength={minLength}
          maxLength={maxLength}
          email={email}
        />
        <Button
          type="submit"
          kind="primary"
          busy={busy.value}
          disabledReason={offlineReason()}
          data-testid="password-change"
        >
          Change the password
        </Button>
      </form>
      {dialog}
    </Card>
  );
}
