import type { ExchangeKeyView } from "../../contracts/exchange_key.ts";
import type { SecondFactorView } from "../../contracts/second_factor.ts";
import { Card } from "../Card.tsx";
import { FormError } from "../FormError.tsx";
import type { PasskeyButton } from "../passkey_button.ts";
import { SecretFields } from "./KeyForms.tsx";
import { KeyProofFields } from "./KeyProofFields.tsx";

/** Replaces the secrets of a key: first the proof that it is you, then what the exchange showed. */
export function RotateKey(
  { view, factor, errors, passkeyButton }: {
    view: ExchangeKeyView;
    factor: SecondFactorView;
    /** By name of the field; an empty name is about the form as a whole. */
    errors: Readonly<Record<string, string>>;
    passkeyButton: PasskeyButton;
  },
) {
  const { id, label, exchange, apiKeyEnd } = view;
  return (
    <Card title={`Replace the secrets of ${label}`} id="rotate">
      <form
        class="settings-form"
        method="post"
        action="/settings/keys#rotate"
        noValidate
        data-testid="key-rotate-form"
      >
        <p>
          Make a new key at {exchange}{" "}
          for the same account, with the rights of the one that ends with{" "}
          <code>…{apiKeyEnd}</code>, and delete that one there afterwards. Name
          and agents of the key stay. Stop its agents first, with their
          positions closed.
        </p>
        <FormError message={errors[""]} />
        <input type="hidden" name="key" value={id} />
        {factor.freshUntil === null
          ? (
            <KeyProofFields
              wish="rotate"
              factor={factor}
              error={errors["code"]}
              help="Proves for five minutes that it is you; the new key is asked for next"
              autofocus
              passkeyButton={passkeyButton}
              submit={{ label: "Continue", testId: "key-rotate-submit" }}
              cancel="/settings/keys"
            />
          )
          : (
            <>
              <input type="hidden" name="action" value="rotate" />
              <SecretFields errors={errors} autofocus />
              <div class="form-actions">
                <a class="btn btn-default" href="/settings/keys">Cancel</a>
                <button
                  type="submit"
                  class="btn btn-primary"
                  data-testid="key-rotate-submit"
                >
                  Test and replace the key
                </button>
              </div>
            </>
          )}
      </form>
    </Card>
  );
}
