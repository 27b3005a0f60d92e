import {
  ACTION_WORDS,
  proofWord,
  reachWord,
} from "../../contracts/action_words.ts";
import {
  type Action,
  ACTIONS,
  type Role,
  ROLES,
} from "../../contracts/policy.ts";
import { ROLE_WORDS } from "../words.ts";

/** What the page needs. */
export interface RolesViewProps {
  /** Role of the person who looks. */
  role: Role;
}

/** Every action of the policy table, and what each role may do it to; one's own role is marked. */
export function RolesView({ role }: RolesViewProps) {
  return (
    <section class="card card-wide" aria-label="Roles and actions">
      <p>
        Your role is{" "}
        <strong>{ROLE_WORDS[role]}</strong>. Each role may do what those left of
        it may. “Your own” is what you have made; what belongs to nobody counts
        as anybody's.
      </p>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Roles and actions, scrollable"
      >
        <table class="table roles-table" data-testid="roles-table">
          <caption class="sr-only">Who may do what</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              {ROLES.map((one) => (
                <th
                  key={one}
                  scope="col"
                  class={one === role ? "roles-mine" : ""}
                  {...(one === role ? { "aria-current": "true" } : {})}
                >
                  {ROLE_WORDS[one]}
                  {one === role && <span class="muted">you</span>}
                </th>
              ))}
              <th scope="col">Fresh proof</th>
            </tr>
          </thead>
          <tbody>
            {ACTIONS.map((action) => (
              <ActionRow key={action} action={action} role={role} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="muted">
        A fresh proof is a code or a passkey of yours, asked for once in five
        minutes.
      </p>
    </section>
  );
}

function ActionRow({ action, role }: { action: Action; role: Role }) {
  const proof = proofWord(action);
  return (
    <tr data-testid={`role-row-${action}`}>
      <th scope="row">
        {ACTION_WORDS[action]} <code class="muted">{action}</code>
      </th>
      {ROLES.map((one) => (
        <td key={one} class={one === role ? "roles-mine" : ""}>
          <Reach word={reachWord(one, action)} />
        </td>
      ))}
      <td class="muted">{proof === "" ? "–" : proof}</td>
    </tr>
  );
}

function Reach({ word }: { word: string }) {
  if (word !== "no") return <>{word === "everywhere" ? "yes" : word}</>;
  return (
    <>
      <span class="muted" aria-hidden="true">–</span>
      <span class="sr-only">no</span>
    </>
  );
}
