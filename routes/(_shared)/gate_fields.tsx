/**
 * Fields of the pages before a login that make a password: the first account's
 * and an invited person's.
 *
 * @module
 */
import PasswordField from "../../islands/PasswordField.tsx";
import {
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
} from "../../lib/contracts/auth.ts";
import { Field } from "../../lib/ui/Field.tsx";

/** The one-time token that lets somebody in here. */
export function TokenField(
  { label, help, value, error, autofocus = false }: {
    label: string;
    help: string;
    value: string;
    error: string | undefined;
    autofocus?: boolean;
  },
) {
  return (
    <Field name="token" label={label} help={help} error={error ?? null}>
      <input
        class="input input-mono"
        name="token"
        value={value}
        autocomplete="off"
        spellcheck={false}
        required
        autofocus={autofocus}
        data-testid="field-token"
      />
    </Field>
  );
}

/** The new password, and the button that sends the form. */
export function NewPassword(
  { email, error, submit }: {
    email: string;
    error: string | undefined;
    submit: { label: string; testId: string };
  },
) {
  return (
    <>
      <PasswordField
        autocomplete="new-password"
        error={error ?? null}
        autofocus={error !== undefined}
        minLength={MIN_PASSWORD_LENGTH}
        maxLength={MAX_PASSWORD_LENGTH}
        email={email}
      />
      <button
        type="submit"
        class="btn btn-primary btn-wide"
        data-testid={submit.testId}
      >
        {submit.label}
      </button>
    </>
  );
}
