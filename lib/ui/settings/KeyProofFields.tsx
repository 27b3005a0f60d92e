import { proofWaysOf } from "../../contracts/proof_ways.ts";
import type { SecondFactorView } from "../../contracts/second_factor.ts";
import { FormError } from "../FormError.tsx";
import type { PasskeyButton } from "../passkey_button.ts";
import { CodeField } from "./CodeField.tsx";
import type { KeyWish } from "./key_wish.ts";

/** Asks for a code, a passkey or either, and sends the form with what was wanted. */
export function KeyProofFields(
  {
    wish,
    factor,
    error,
    help,
    autofocus = false,
    passkeyButton,
    submit,
    cancel,
  }: {
    wish: KeyWish["action"];
    factor: SecondFactorView;
    error: string | undefined;
    help?: string;
    autofocus?: boolean;
    passkeyButton: PasskeyButton;
    submit: { label: string; testId: string };
    /** Path to go back to. */
    cancel?: string;
  },
) {
  const { typed, hasPasskey } = proofWaysOf(factor);
  const isOnly = typed === null;
  return (
    <>
      <input type="hidden" name="action" value="prove" />
      <input type="hidden" name="wish" value={wish} />
      {isOnly ? <FormError message={error} /> : (
        <CodeField
          error={error}
          autofocus={autofocus}
          {...(help === undefined ? {} : { help })}
        />
      )}
      <div class="form-actions">
        {cancel !== undefined && (
          <a class="btn btn-default" href={cancel}>Cancel</a>
        )}
        {!isOnly && (
          <button
            type="submit"
            class="btn btn-primary"
            data-testid={submit.testId}
          >
            {submit.label}
          </button>
        )}
        {hasPasskey && passkeyButton({
          label: isOnly ? `${submit.label} with a passkey` : "Use a passkey",
          isOnly,
        })}
      </div>
    </>
  );
}
