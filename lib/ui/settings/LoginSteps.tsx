import type { ComponentChildren } from "preact";
import { Field } from "../Field.tsx";
import { FormError } from "../FormError.tsx";
import { CarriedField, type CarriedForm } from "./CarriedForm.tsx";
import { CodeField } from "./CodeField.tsx";

/** What the page of the login knows. */
export interface LoginData {
  email: string;
  /** Path to go to afterwards. */
  next: string;
  /** What has just happened. */
  note: string | null;
  /** The password was right, and a second factor is asked for; null before. */
  step: { ticket: string; takesCode: boolean } | null;
  /** How long the next attempt has to wait; 0 = not at all. */
  waitSeconds: number;
  /** A form that waits for the login; null for none. */
  carried: CarriedForm | null;
  /** The login is done, and the form waits; how many recovery codes are left where one was used. */
  back: { codesLeft: number | null } | null;
  /** By name of the field; an empty name is about the form as a whole. */
  errors: Readonly<Record<string, string>>;
}

/** First step: e-mail and password. */
export function PasswordStep(
  { email, next, note, errors, carried, children, submit }: LoginData & {
    /** The field of the password. */
    children: ComponentChildren;
    /** The button. */
    submit: ComponentChildren;
  },
) {
  return (
    <>
      <h1>Log in</h1>
      {note !== null && <p class="gate-note" role="status">{note}</p>}
      <FormError message={errors[""]} />
      <form method="post" action="/login" data-testid="login-form" noValidate>
        <input type="hidden" name="next" value={next} />
        <CarriedField carried={carried} />
        <Field name="email" label="E-mail" error={errors["email"] ?? null}>
          <input
            class="input"
            type="email"
            name="email"
            value={email}
            autocomplete="username"
            required
            autofocus={email === ""}
            data-testid="field-email"
          />
        </Field>
        {children}
        {submit}
      </form>
    </>
  );
}

/** Second step: a code of who has an authenticator; else the passkey, whose button is below. */
export function CodeStep(
  { email, next, errors, carried, step, submit }: LoginData & {
    step: NonNullable<LoginData["step"]>;
    /** The button. */
    submit: ComponentChildren;
  },
) {
  return (
    <>
      <h1>Second factor</h1>
      <p class="gate-note">
        {step.takesCode ? <>The password of {email} is right.</> : (
          <>
            The password of {email}{" "}
            is right. Your second factor is a passkey: go on with it.
          </>
        )} <a href={`/login?next=${encodeURIComponent(next)}`}>Start again</a>
      </p>
      <FormError message={errors[""]} />
      {step.takesCode && (
        <form
          method="post"
          action="/login"
          data-testid="login-code-form"
          noValidate
        >
          <input type="hidden" name="next" value={next} />
          <CarriedField carried={carried} />
          <input type="hidden" name="email" value={email} />
          <input type="hidden" name="ticket" value={step.ticket} />
          <CodeField error={errors["code"]} autofocus />
          {submit}
        </form>
      )}
    </>
  );
}
