import { Field } from "../Field.tsx";

/** The code of an authenticator, or a recovery code. */
export function CodeField(
  { error, autofocus = false, label = "Code of your authenticator", help }: {
    error: string | undefined;
    autofocus?: boolean;
    label?: string;
    help?: string;
  },
) {
  return (
    <Field
      name="code"
      label={label}
      help={help ?? "Six digits, or one of your recovery codes"}
      error={error ?? null}
    >
      <input
        class="input input-code"
        name="code"
        autocomplete="one-time-code"
        spellcheck={false}
        maxLength={16}
        required
        autofocus={autofocus}
        data-testid="field-code"
      />
    </Field>
  );
}
