import type { PersonView } from "../../../contracts/people.ts";
import { type Role, ROLES } from "../../../contracts/policy.ts";
import { Badge } from "../../Badge.tsx";
import { Button } from "../../Button.tsx";
import { formatDay } from "../../format.ts";
import { ROLE_WORDS } from "../../words.ts";

/** What an admin does to somebody. */
export interface PersonActions {
  onRole: (person: PersonView, role: Role) => void;
  onStatus: (person: PersonView) => void;
  onReset: (person: PersonView) => void;
}

const OWN = "This is your own account; another administrator has to do it";

/** Everybody who may log in. */
export function PeopleTable(
  { people, ownId, refusal, ...actions }: PersonActions & {
    people: readonly PersonView[];
    /** Who looks. */
    ownId: string;
    /** Why nobody can be changed now, or null. */
    refusal: string | null;
  },
) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="People, scrollable"
    >
      <table class="table people" data-testid="people">
        <caption class="sr-only">People who may log in</caption>
        <thead>
          <tr>
            <th scope="col">E-mail</th>
            <th scope="col">Role</th>
            <th scope="col">Second factor</th>
            <th scope="col">Since</th>
            <th scope="col">
              <span class="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <Row
              key={person.id}
              person={person}
              isOwn={person.id === ownId}
              refusal={refusal}
              {...actions}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(
  { person, isOwn, refusal, onRole, onStatus, onReset }: PersonActions & {
    person: PersonView;
    isOwn: boolean;
    refusal: string | null;
  },
) {
  const { email, role, status, hasFactor, createdAt } = person;
  const isDisabled = status === "disabled";
  const own = isOwn ? OWN : refusal;
  return (
    <tr data-testid={`person-${email}`}>
      <th scope="row">
        {email} {isOwn && <span class="muted">(you)</span>}{" "}
        {isDisabled && <Badge tone="warn" glyph="stop">Disabled</Badge>}
      </th>
      <td>
        {isOwn ? ROLE_WORDS[role] : (
          <select
            class="input input-small"
            aria-label={`Role of ${email}`}
            value={role}
            disabled={refusal !== null}
            {...(refusal === null ? {} : { title: refusal })}
            data-testid="person-role"
            onChange={(event) => {
              const chosen = event.currentTarget.value as Role;
              // What is shown is what holds, until it has changed.
              event.currentTarget.value = role;
              onRole(person, chosen);
            }}
          >
            {ROLES.map((name) => (
              <option key={name} value={name}>{ROLE_WORDS[name]}</option>
            ))}
          </select>
        )}
      </td>
      <td>{hasFactor ? "Yes" : <span class="tone-warn">None</span>}</td>
      <td>{formatDay(Date.parse(createdAt))}</td>
      <td class="people-actions">
        <Button
          small
          disabledReason={own ??
            (isDisabled ? "Enable the account first" : null)}
          aria-label={`New password for ${email}`}
          data-testid="person-reset"
          onClick={() => onReset(person)}
        >
          New password
        </Button>
        <Button
          small
          disabledReason={own}
          aria-label={`${isDisabled ? "Enable" : "Disable"} ${email}`}
          data-testid="person-status"
          onClick={() => onStatus(person)}
        >
          {isDisabled ? "Enable" : "Disable"}
        </Button>
      </td>
    </tr>
  );
}
