import type { ComponentChildren } from "preact";
import type {
  EnrolmentResponse,
  SecondFactorView,
} from "../../contracts/second_factor.ts";
import { Card } from "../Card.tsx";
import { Field } from "../Field.tsx";
import { Banner } from "../Feedback.tsx";
import { FormError } from "../FormError.tsx";
import { plural } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { CodeField } from "./CodeField.tsx";
import { QrCode } from "./QrCode.tsx";

/** What the page of the second factor knows. */
export interface FactorViewProps {
  factor: SecondFactorView;
  /** Just begun, shown once; null otherwise. */
  enrolment: EnrolmentResponse | null;
  /** An enrolment waits for its first code. */
  isConfirming: boolean;
  /** Just made, shown once; null otherwise. */
  recoveryCodes: readonly string[] | null;
  isRemoved: boolean;
  /** This login was proven by a recovery code. */
  usedRecoveryCode: boolean;
  /** Path to go on to. */
  next: string;
  errors: Readonly<Record<string, string>>;
  /** Begins the enrolment of who proves it by a passkey first. */
  passkeyButton: ComponentChildren;
}

const PATH = "/settings/second-factor";

/** A person's second factor: its state and the steps to set it up and to remove it. */
export function FactorView(props: FactorViewProps) {
  const { factor, recoveryCodes, isConfirming, errors, isRemoved } = props;
  if (recoveryCodes !== null) {
    return <RecoveryCodes codes={recoveryCodes} next={props.next} />;
  }
  if (factor.isEnrolled) {
    return (
      <>
        {props.usedRecoveryCode && (
          <Banner tone="warn" testId="recovery-used">
            You logged in with a recovery code, which is used up.{" "}
            {plural(factor.recoveryCodesLeft, "code")} left.{" "}
            <a href={props.next}>Go on</a>
          </Banner>
        )}
        <FactorState factor={factor} />
        <RemoveFactor errors={errors} />
      </>
    );
  }
  if (isConfirming) return <ConfirmFactor {...props} />;
  return (
    <>
      {isRemoved && (
        <Banner tone="ok" testId="factor-removed">
          Your second factor is removed.
        </Banner>
      )}
      <BeginFactor {...props} />
    </>
  );
}

function FactorState({ factor }: { factor: SecondFactorView }) {
  const { recoveryCodesLeft, freshUntil } = factor;
  return (
    <Card>
      <div class="settings-form" data-testid="factor-state">
        <p class="settings-note tone-ok">
          <Glyph name="check" /> Your authenticator is set up
        </p>
        <p class={recoveryCodesLeft < 3 ? "tone-warn" : ""}>
          {plural(recoveryCodesLeft, "recovery code")} left.
          {recoveryCodesLeft < 3 &&
            " Remove the authenticator and set it up again to get new ones."}
        </p>
        <p>
          {freshUntil === null
            ? "This login has no fresh proof: the next step that needs one asks for a code."
            : `This login is proven until ${freshUntil.slice(11, 19)} UTC.`}
        </p>
      </div>
    </Card>
  );
}

/** The page's address with the path to go on to, which outlasts its steps. */
function pathTo(next: string): string {
  return next === "/" ? PATH : `${PATH}?next=${encodeURIComponent(next)}`;
}

function BeginFactor(
  { factor, errors, passkeyButton, next }: FactorViewProps,
) {
  const isByPasskey = factor.passkeys > 0 && factor.freshUntil === null;
  return (
    <Card title="Authenticator">
      <form
        class="settings-form"
        method="post"
        action={pathTo(next)}
        noValidate
        data-testid="factor-enrol-form"
      >
        <p>
          You have no authenticator yet: an app that shows a new code every 30
          seconds. It comes with recovery codes for the day that you lose it.
        </p>
        <FormError message={errors[""] ?? errors["code"]} />
        <input type="hidden" name="action" value="enrol" />
        <Field
          name="password"
          label="Your password"
          error={errors["password"] ?? null}
        >
          <input
            class="input"
            type="password"
            name="password"
            autocomplete="current-password"
            required
            data-testid="field-password"
          />
        </Field>
        {isByPasskey ? passkeyButton : (
          <button
            type="submit"
            class="btn btn-primary"
            data-testid="factor-enrol"
          >
            Begin
          </button>
        )}
      </form>
    </Card>
  );
}

function ConfirmFactor({ enrolment, errors, next }: FactorViewProps) {
  return (
    <Card title="Connect your authenticator">
      {enrolment !== null && <Secret enrolment={enrolment} />}
      <form
        class="settings-form"
        method="post"
        action={pathTo(next)}
        noValidate
        data-testid="factor-confirm-form"
      >
        <FormError message={errors[""]} />
        <CodeField
          error={errors["code"]}
          label="First code"
          help="The six digits that your authenticator shows now"
          autofocus
        />
        <div class="form-actions">
          <a class="btn btn-default" href={pathTo(next)}>Start again</a>
          <button
            type="submit"
            class="btn btn-primary"
            name="action"
            value="confirm"
            data-testid="factor-confirm"
          >
            Confirm
          </button>
        </div>
      </form>
    </Card>
  );
}

function Secret({ enrolment }: { enrolment: EnrolmentResponse }) {
  const { secret, uri } = enrolment;
  return (
    <div class="factor-secret">
      <QrCode text={uri} label="QR code for your authenticator" />
      <div class="settings-form">
        <p>
          Scan the code with your authenticator, or type the secret in. Both are
          shown this once.
        </p>
        <p>
          <code class="factor-text" data-testid="factor-secret">
            {secret.match(/.{1,4}/g)?.join(" ")}
          </code>
        </p>
        <p>
          <a href={uri}>Open in an authenticator on this device</a>
        </p>
      </div>
    </div>
  );
}

function RecoveryCodes(
  { codes, next }: { codes: readonly string[]; next: string },
) {
  const isLast = next === "/";
  return (
    <Card title="Your recovery codes">
      <div class="settings-form">
        <p class="settings-note tone-ok" role="status">
          <Glyph name="check" /> Your second factor is set up
        </p>
        <p>
          Keep these codes where your authenticator is not. Each works once, and
          they are shown this once.
        </p>
        <ol class="recovery-codes" data-testid="recovery-codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <p>
          <a
            class="btn btn-primary"
            href={isLast ? "/settings/keys" : next}
            data-testid="codes-kept"
          >
            I have kept them: {isLast ? "go to the exchange keys" : "go on"}
          </a>
        </p>
      </div>
    </Card>
  );
}

function RemoveFactor({ errors }: Pick<FactorViewProps, "errors">) {
  const isOpen = Object.keys(errors).length > 0;
  return (
    <Card title="Remove the authenticator">
      <form
        class="settings-form"
        method="post"
        action={PATH}
        noValidate
        data-testid="factor-remove-form"
      >
        <p>
          A code is then asked for no more, and the recovery codes are worth
          nothing. Agents that run go on.
        </p>
        <FormError message={errors[""]} />
        <CodeField error={errors["code"]} autofocus={isOpen} />
        <button
          type="submit"
          class="btn btn-danger"
          name="action"
          value="remove"
          data-testid="factor-remove"
        >
          Remove the authenticator
        </button>
      </form>
    </Card>
  );
}
