import { type Action, roleNeeded } from "../../contracts/policy.ts";
import { EmptyState } from "../Feedback.tsx";
import { ROLE_WORDS } from "../words.ts";

/** Stands in the place of a page that somebody's role does not show. */
export function NeedsRole(
  { what, action }: {
    /** Subject and verb, such as "Accounts need". */
    what: string;
    action: Action;
  },
) {
  return (
    <EmptyState title={`${what} the role ${ROLE_WORDS[roleNeeded(action)]}`}>
      <p>Ask an administrator, or log in as somebody who has it.</p>
    </EmptyState>
  );
}
