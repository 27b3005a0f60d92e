import { useSignal } from "@preact/signals";
import { Field } from "../lib/ui/Field.tsx";
import { Glyph } from "../lib/ui/Glyph.tsx";

/** A password that can be shown; a new one tells its rules as they are met. */
export default function PasswordField(
  { autocomplete, error, autofocus = false, minLength, maxLength }: {
    autocomplete: "current-password" | "new-password";
    error: string | null;
    autofocus?: boolean;
    /** Given for a new password. */
    minLength?: number;
    maxLength?: number;
  },
) {
  const isShown = useSignal(false);
  const length = useSignal(0);
  const isLong = minLength !== undefined && length.value >= minLength;
  return (
    <Field
      name="password"
      label="Password"
      error={error}
      {...(minLength === undefined ? {} : {
        help: (
          <span class={isLong ? "rule rule-met" : "rule"}>
            <Glyph name={isLong ? "check" : "ring"} /> At least {minLength}{" "}
            characters
            {length.value > 0 && !isLong &&
              `, ${minLength - length.value} to go`}. A few words are easy to
            remember; pasting and password managers work.
          </span>
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
        name="password"
        autocomplete={autocomplete}
        required
        autofocus={autofocus}
        {...(maxLength === undefined ? {} : { maxLength })}
        data-testid="field-password"
        onInput={(event) => length.value = event.currentTarget.value.length}
      />
    </Field>
  );
}
