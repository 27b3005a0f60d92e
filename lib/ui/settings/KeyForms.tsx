import { hasSecondFactor } from "../../contracts/proof_ways.ts";
import type { SecondFactorView } from "../../contracts/second_factor.ts";
import { PROFILED_EXCHANGES } from "../../contracts/venue.ts";
import { Card } from "../Card.tsx";
import { Field } from "../Field.tsx";
import { FormError } from "../FormError.tsx";
import { Glyph } from "../Glyph.tsx";
import type { PasskeyButton } from "../passkey_button.ts";
import { KeyProofFields } from "./KeyProofFields.tsx";

/** Errors by name of the field; an empty name is about the form as a whole. */
type Errors = Readonly<Record<string, string>>;

/** What forbidding does to the agents of a key. */
const FORBIDS =
  "Agents with this key enter nothing from then on, and entries that rest are withdrawn. " +
  "Positions stay, with their stops, until you stop the agents.";

/** Adds a key: first the proof that it is you, then what the exchange showed. */
export function AddKey(
  { factor, kept, errors, isOpen, passkeyButton }: {
    factor: SecondFactorView;
    kept: { label: string; exchange: string };
    errors: Errors;
    /** The person is in the middle of it. */
    isOpen: boolean;
    passkeyButton: PasskeyButton;
  },
) {
  if (!hasSecondFactor(factor)) return <FactorNeeded />;
  const isFresh = factor.freshUntil !== null;
  return (
    <Card title="Add a key" id="add">
      <form
        class="settings-form"
        method="post"
        action="/settings/keys"
        noValidate
        data-testid="key-add-form"
      >
        <FormError message={errors[""]} />
        <NameFields
          kept={kept}
          errors={errors}
          autofocus={isOpen && !isFresh}
        />
        {isFresh
          ? (
            <>
              <input type="hidden" name="action" value="add" />
              <SecretFields errors={errors} autofocus={isOpen} />
              <button
                type="submit"
                class="btn btn-primary"
                data-testid="key-add-submit"
              >
                Store and test the key
              </button>
            </>
          )
          : (
            <KeyProofFields
              wish="add"
              factor={factor}
              error={errors["code"]}
              help="Proves for five minutes that it is you; the key is asked for next"
              passkeyButton={passkeyButton}
              submit={{ label: "Continue", testId: "key-add-submit" }}
            />
          )}
      </form>
    </Card>
  );
}

function NameFields(
  { kept, errors, autofocus }: {
    kept: { label: string; exchange: string };
    errors: Errors;
    autofocus: boolean;
  },
) {
  return (
    <div class="field-row">
      <Field
        name="label"
        label="Label"
        help="How you tell your keys apart"
        error={errors["label"] ?? null}
      >
        <input
          class="input"
          name="label"
          value={kept.label}
          autocomplete="off"
          maxLength={40}
          required
          autofocus={autofocus}
          data-testid="field-label"
        />
      </Field>
      <Field
        name="exchange"
        label="Exchange"
        help="One that this server may reach (EXCHANGES)"
        error={errors["exchange"] ?? null}
        after={
          <datalist id="exchanges">
            {PROFILED_EXCHANGES.map((id) => <option key={id} value={id} />)}
          </datalist>
        }
      >
        <input
          class="input"
          name="exchange"
          value={kept.exchange}
          list="exchanges"
          autocomplete="off"
          spellcheck={false}
          required
          data-testid="field-exchange"
        />
      </Field>
    </div>
  );
}

/** Never filled in by the server, also not after an error. */
export function SecretFields(
  { errors, autofocus }: { errors: Errors; autofocus: boolean },
) {
  return (
    <>
      <Field
        name="apiKey"
        label="API key"
        help="With the rights to read and to trade; without withdrawal and transfer"
        error={errors["apiKey"] ?? null}
      >
        <input
          class="input input-mono"
          name="apiKey"
          autocomplete="off"
          spellcheck={false}
          required
          autofocus={autofocus}
          data-testid="field-apiKey"
        />
      </Field>
      <Field
        name="secret"
        label="Secret"
        help="Sealed before it is stored, and never shown again"
        error={errors["secret"] ?? null}
      >
        <textarea
          class="input input-secret"
          name="secret"
          rows={2}
          autocomplete="off"
          spellcheck={false}
          required
          data-testid="field-secret"
        />
      </Field>
      <Field
        name="passphrase"
        label="Passphrase"
        unit="only where the exchange has one"
        error={errors["passphrase"] ?? null}
      >
        <input
          class="input"
          type="password"
          name="passphrase"
          autocomplete="new-password"
          data-testid="field-passphrase"
        />
      </Field>
    </>
  );
}

/** Without a second factor no key can be added, replaced or allowed. */
function FactorNeeded() {
  return (
    <Card title="Add a key" id="add">
      <p class="settings-note" data-testid="factor-needed">
        <Glyph name="warn" />{" "}
        Keys can be added and replaced by people with a second factor only.
      </p>
      <p>
        <a class="btn btn-primary" href="/settings/second-factor">
          Set up your second factor
        </a>
      </p>
    </Card>
  );
}

/** Asks for a fresh proof and goes on with what was wanted. */
export function KeyProof(
  { wish, label, factor, errors, passkeyButton }: {
    wish: { action: "allow" | "forbid"; key: string };
    /** The key's name. */
    label: string;
    factor: SecondFactorView;
    errors: Errors;
    passkeyButton: PasskeyButton;
  },
) {
  const isAllow = wish.action === "allow";
  return (
    <Card
      title={isAllow
        ? `Allow ${label} for live trading`
        : `Forbid ${label} live trading`}
    >
      <form
        class="settings-form"
        method="post"
        action="/settings/keys"
        noValidate
        data-testid="key-proof-form"
      >
        <p>
          {isAllow
            ? "Live agents may then trade real money with this key."
            : FORBIDS} This needs a fresh proof that it is you.
        </p>
        <FormError message={errors[""]} />
        <input type="hidden" name="key" value={wish.key} />
        <KeyProofFields
          wish={wish.action}
          factor={factor}
          error={errors["code"]}
          autofocus
          passkeyButton={passkeyButton}
          submit={{
            label: isAllow ? "Allow live trading" : "Forbid live trading",
            testId: "key-proof-submit",
          }}
          cancel="/settings/keys"
        />
      </form>
    </Card>
  );
}
