import { useSignal } from "@preact/signals";
import type { PersonView } from "../../../contracts/people.ts";
import type { Role } from "../../../contracts/policy.ts";
import { Button } from "../../Button.tsx";
import { Dialog } from "../../Dialog.tsx";
import { ROLE_WORDS } from "../../words.ts";

/** What is about to be done to somebody. */
export type PersonWish =
  | { kind: "role"; person: PersonView; role: Role }
  | { kind: "status"; person: PersonView }
  | { kind: "reset"; person: PersonView };

/** Asks before something is done to somebody, and says what it does. */
export function PersonQuestion(
  { wish, onClose, onYes }: {
    wish: PersonWish | null;
    onClose: () => void;
    onYes: (wish: PersonWish, options: { removesFactor: boolean }) => void;
  },
) {
  return (
    <Dialog
      label="Change access"
      open={wish !== null}
      onClose={onClose}
      testId="person-dialog"
    >
      {wish !== null && (
        <Question
          wish={wish}
          onClose={onClose}
          onYes={onYes}
        />
      )}
    </Dialog>
  );
}

function Question(
  { wish, onClose, onYes }: {
    wish: PersonWish;
    onClose: () => void;
    onYes: (wish: PersonWish, options: { removesFactor: boolean }) => void;
  },
) {
  const removesFactor = useSignal(false);
  const { title, text, yes, isDanger } = wordsOf(wish);
  return (
    <div class="dialog-body">
      <h2>{title}</h2>
      <p>{text}</p>
      {wish.kind === "reset" && wish.person.hasFactor && (
        <label class="check">
          <input
            type="checkbox"
            checked={removesFactor.value}
            data-testid="field-removes-factor"
            onChange={(event) =>
              removesFactor.value = event.currentTarget.checked}
          />{" "}
          They have lost their second factor: take it away with all passkeys
        </label>
      )}
      <div class="dialog-actions">
        <Button autofocus onClick={onClose}>Cancel</Button>
        <Button
          kind={isDanger ? "danger" : "primary"}
          data-testid="person-yes"
          onClick={() => onYes(wish, { removesFactor: removesFactor.value })}
        >
          {yes}
        </Button>
      </div>
    </div>
  );
}

const ENDS = "Every login and API token of theirs ends at once.";

function wordsOf(
  wish: PersonWish,
): { title: string; text: string; yes: string; isDanger: boolean } {
  const { email, status, role } = wish.person;
  if (wish.kind === "role") {
    return {
      title: `Make ${email} ${ROLE_WORDS[wish.role]}?`,
      text: `They are ${ROLE_WORDS[role]} now. ${ENDS}`,
      yes: "Change the role",
      isDanger: false,
    };
  }
  if (wish.kind === "reset") {
    return {
      title: `New password for ${email}?`,
      text:
        `You get a one-time link for them, good for a day. When they use it, every login of theirs ends; their present password works until then.`,
      yes: "Make a link",
      isDanger: false,
    };
  }
  return status === "active"
    ? {
      title: `Disable ${email}?`,
      text:
        `${ENDS} Their agents go on running. You can enable the account again.`,
      yes: "Disable the account",
      isDanger: true,
    }
    : {
      title: `Enable ${email} again?`,
      text: "They can log in with the password that they had.",
      yes: "Enable the account",
      isDanger: false,
    };
}
