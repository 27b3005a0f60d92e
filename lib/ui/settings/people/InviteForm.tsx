import { useSignal } from "@preact/signals";
import { type Role, ROLES } from "../../../contracts/policy.ts";
import { Button } from "../../Button.tsx";
import { Card } from "../../Card.tsx";
import { ApiProblem } from "../../client/api_client.ts";
import { explainFully } from "../../client/explain_fully.ts";
import { Field } from "../../Field.tsx";
import { FormError } from "../../FormError.tsx";
import { ROLE_WORDS } from "../../words.ts";

/** What a role may do, in a few words; each may do what those before it may. */
const ROLE_HELP: Readonly<Record<Role, string>> = {
  viewer: "sees everything, changes nothing",
  operator: "starts, stops and pauses agents",
  trader: "makes and changes agents of their own",
  risk: "changes limits, releases emergency stops",
  admin: "manages people",
};

/** Invites somebody. */
export function InviteForm(
  { refusal, onInvite }: {
    /** Why nobody can be invited now, or null. */
    refusal: string | null;
    /** Makes the link; rejects where it is refused. */
    onInvite: (request: { email: string; role: Role }) => Promise<void>;
  },
) {
  const email = useSignal("");
  const role = useSignal<Role>("viewer");
  const emailError = useSignal<string | null>(null);
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  const invite = async () => {
    busy.value = true;
    emailError.value = error.value = null;
    try {
      await onInvite({ email: email.value.trim(), role: role.value });
      email.value = "";
    } catch (reason) {
      const about = reason instanceof ApiProblem
        ? reason.problem.errors?.find(({ pointer }) => pointer === "/email")
        : undefined;
      if (about === undefined) error.value = explainFully(reason);
      else emailError.value = about.detail;
    } finally {
      busy.value = false;
    }
  };
  return (
    <Card title="Invite somebody">
      <form
        class="settings-form"
        noValidate
        data-testid="invite-person-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy.value && refusal === null) void invite();
        }}
      >
        <FormError message={error.value ?? undefined} />
        <div class="field-row">
          <Field name="invite-email" label="E-mail" error={emailError.value}>
            <input
              class="input"
              type="email"
              value={email.value}
              autocomplete="off"
              data-testid="field-invite-email"
              onInput={(event) => email.value = event.currentTarget.value}
            />
          </Field>
          <Field
            name="invite-role"
            label="Role"
            help={`${ROLE_WORDS[role.value]}: ${ROLE_HELP[role.value]}`}
          >
            <select
              class="input"
              value={role.value}
              data-testid="field-invite-role"
              onChange={(event) =>
                role.value = event.currentTarget.value as Role}
            >
              {ROLES.map((name) => (
                <option key={name} value={name}>{ROLE_WORDS[name]}</option>
              ))}
            </select>
          </Field>
        </div>
        <Button
          type="submit"
          kind="primary"
          busy={busy.value}
          disabledReason={refusal}
          data-testid="invite-person"
        >
          Make a link
        </Button>
      </form>
    </Card>
  );
}
