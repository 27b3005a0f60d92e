import { FORM_TOKEN_FIELD } from "../../contracts/form_token.ts";

/** A form that a login takes along, because it was sent when the login had ended. */
export interface CarriedForm {
  /** Path of its page. */
  to: string;
  /** What was filled in, as one text that goes with each step. */
  text: string;
  /** The same, field by field. */
  fields: readonly (readonly [string, string])[];
}

/** Name of the hidden field that goes with each step of a login. */
export const CARRIED_FIELD = "form";

/** By which script finds the form, for a login that is no form itself. */
export const CARRIED_ID = "carried-form";

/** Goes with a step of the login. */
export function CarriedField({ carried }: { carried: CarriedForm | null }) {
  return carried === null
    ? null
    : <input type="hidden" name={CARRIED_FIELD} value={carried.text} />;
}

/** Nothing of it is seen: script sends it after a login by passkey. */
export function CarriedAlong({ carried }: { carried: CarriedForm }) {
  return (
    <form id={CARRIED_ID} method="post" action={carried.to} hidden>
      <input type="hidden" name={FORM_TOKEN_FIELD} value="" />
      <Fields carried={carried} />
    </form>
  );
}

/** After the login: one press leads back to the form as it was filled in. */
export function BackToForm(
  { carried, codesLeft }: {
    carried: CarriedForm;
    /** Recovery codes that are left, where one was used up; else null. */
    codesLeft: number | null;
  },
) {
  return (
    <>
      <h1>You are logged in</h1>
      <p class="gate-note" role="status">
        Nothing was spawned yet: the form is filled in as it was.
      </p>
      {codesLeft !== null && (
        <p class="gate-note" data-testid="recovery-used">
          A recovery code is used up; {codesLeft}{" "}
          {codesLeft === 1 ? "is" : "are"} left.
        </p>
      )}
      <form method="post" action={carried.to} data-testid="carried-form">
        <Fields carried={carried} />
        <button
          type="submit"
          class="btn btn-primary btn-wide"
          autofocus
          data-testid="carried-submit"
        >
          Back to the form
        </button>
      </form>
    </>
  );
}

function Fields({ carried }: { carried: CarriedForm }) {
  return (
    <>
      {carried.fields.map(([name, value], index) => (
        <input key={index} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}
