import { useSignal } from "@preact/signals";
import { Field } from "../lib/ui/Field.tsx";
import { PasswordRules } from "../lib/ui/PasswordRules.tsx";

/** A password that can be shown; a new one tells its rules as they are met. */
export default function PasswordField(
  {
    autocomplete,
    error,
    autofocus = false,
    minLength,
    maxLength,
    name = "password",
    label = "Password",
    email = "",
  }: {
    autocomplete: "current-password" | "new-password";
    error: string | null;
    autofocus?: boolean;
    /** Given for a new password. */
    minLength?: number;
    maxLength?: number;
    name?: string;
    label?: string;
    /** Address of the account, which a new password must not be. */
    email?: string;
  },
) {
  const isShown = useSignal(false);
  const text = useSignal("");
  return (
    <Field
      name={name}
      label={label}
      error={error}
      {...(minLength === undefined ? {} : {
        help: (
          <PasswordRules
            password={text.value}
            email={email}
            minLength={minLength}
          />
        ),
      })}
      after={
        <button
          type="button"
          class="btn btn-default"
          aria-pressed={isShown.value ? "true" : "false"}
          aria-label={isShown.value ? "Hide password" : "Show password"}
          onClick={() => isShown.value = !isShown.value}
        >
          {isShown.value ? "Hide" : "Show"}
        </button>
      }
    >
      <input
        class="input"
        type={isShown.value ? "text" : "password"}
        name={name}
        autocomplete={autocomplete}
        required
        autofocus={autofocus}
        {...(maxLength === undefined ? {} : { maxLength })}
        data-testid={`field-${name}`}
        onInput={(event) => text.value = event.currentTarget.value}
      />
    </Field>
  );
}
