import type { InviteView } from "../../../contracts/people.ts";
import { Button } from "../../Button.tsx";
import { formatDateTime, zoneName } from "../../format.ts";
import { ROLE_WORDS } from "../../words.ts";

/** Links that were not used yet. */
export function InviteTable(
  { invites, refusal, onRevoke }: {
    invites: readonly InviteView[];
    /** Why none can be taken back now, or null. */
    refusal: string | null;
    onRevoke: (invite: InviteView) => void;
  },
) {
  if (invites.length === 0) {
    return <p class="muted">No link is open.</p>;
  }
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="Open links, scrollable"
    >
      <table class="table people" data-testid="invites">
        <caption class="sr-only">Links that were not used yet</caption>
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">What</th>
            <th scope="col">By</th>
            <th scope="col">Until ({zoneName()})</th>
            <th scope="col">
              <span class="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {invites.map((invite) => (
            <tr key={invite.id} data-testid={`invite-${invite.email}`}>
              <th scope="row">{invite.email}</th>
              <td>{whatOf(invite)}</td>
              <td>{invite.createdBy}</td>
              <td>{formatDateTime(Date.parse(invite.expiresAt))}</td>
              <td class="people-actions">
                <Button
                  small
                  disabledReason={refusal}
                  aria-label={`Take back the link for ${invite.email}`}
                  data-testid="invite-revoke"
                  onClick={() =>
                    onRevoke(invite)}
                >
                  Take back
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function whatOf({ role, removesFactor }: InviteView): string {
  if (role !== null) return `Account as ${ROLE_WORDS[role]}`;
  return removesFactor ? "New password, without second factor" : "New password";
}
