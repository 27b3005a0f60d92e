import type { ProofWays } from "../contracts/proof_ways.ts";
import { Field } from "./Field.tsx";
import { FormError } from "./FormError.tsx";
import type { PasskeyButton } from "./passkey_button.ts";

/** How the user of a plain form proves who they are. */
export interface FormProof extends ProofWays {
  /** They proved it a moment ago. */
  isFresh: boolean;
  passkeyButton: PasskeyButton;
}

/** What is typed: a password, a code of the second factor, or nothing. */
export function ProofField(
  { name, proof: { typed, isFresh }, errors, testId }: {
    name: string;
    proof: FormProof;
    errors: Readonly<Record<string, string>>;
    testId: string;
  },
) {
  if (isFresh) {
    return (
      <p class="muted" data-testid={`${testId}-proven`}>
        You proved within the last five minutes that it is you.
      </p>
    );
  }
  if (typed === null) return <FormError message={errors["code"]} />;
  const isCode = typed === "code";
  return (
    <Field
      name={name}
      label={isCode ? "Code of your authenticator" : "Your password"}
      help={isCode ? "Six digits, or one of your recovery codes" : undefined}
      error={errors[typed] ?? null}
    >
      <input
        class="input"
        type={isCode ? "text" : "password"}
        name={typed}
        autocomplete={isCode ? "one-time-code" : "current-password"}
        data-testid={`${testId}-${typed}`}
      />
    </Field>
  );
}
