import { AGENT_TYPE_WORDS } from "../../../contracts/agent_types.ts";
import {
  type CheckedMember,
  placesOrders,
  type TeamValidationResponse,
} from "../../../contracts/team.ts";
import { Known } from "../../Amount.tsx";
import { ModeBadge } from "../../Badge.tsx";
import { formatDecimal, formatMiB, UNKNOWN } from "../../format.ts";
import { Glyph } from "../../Glyph.tsx";
import { type FormBinding, TextInput } from "../inputs.tsx";
import { CONFIRM_POINTER, isLiveForm } from "../live_rules.ts";
import { roleNote } from "./team_form.ts";

const NOT_CHECKED = "Shown when everything is filled in correctly";

/** Last step of a team: all of its agents with what they need together, and warnings to acknowledge. */
export function TeamReview(
  { form, check, acknowledged }: {
    form: FormBinding;
    check: TeamValidationResponse | null;
    acknowledged: boolean;
  },
) {
  const warnings = check?.warnings ?? [];
  return (
    <>
      {check !== null && <MemberList check={check} />}
      {warnings.length > 0
        ? (
          <section
            class="warnings"
            data-testid="spawn-warnings"
            aria-label="Warnings"
          >
            <h3 class="tone-warn">
              <Glyph name="warn" /> Read before you spawn
            </h3>
            <ul class="plain-list">
              {warnings.map(({ pointer, code, detail }) => (
                <li key={`${pointer}-${code}`}>
                  {roleOf(pointer, check)}
                  {detail}
                </li>
              ))}
            </ul>
            <label class="tick">
              <input
                type="checkbox"
                checked={acknowledged}
                data-testid="spawn-acknowledge"
                onChange={(event) =>
                  form.dispatch({
                    type: "acknowledge",
                    value: event.currentTarget.checked,
                  })}
              />
              <span>I understand</span>
            </label>
          </section>
        )
        : (
          <p class="tone-ok review-ok">
            <Glyph name="check" /> No warnings
          </p>
        )}
      {isLiveForm(form.values) && (
        <section class="confirm-live" aria-label="Confirm live trading">
          <p>
            <ModeBadge mode="live" />{" "}
            One agent of this team sends orders to the exchange and trades real
            money. Its limits bound losses; a fast market can go through them.
          </p>
          <TextInput
            form={form}
            pointer={CONFIRM_POINTER}
            label="Type the team's name to confirm"
            hint={String(form.values["/name"] ?? "")}
          />
        </section>
      )}
    </>
  );
}

function roleOf(
  pointer: string,
  check: TeamValidationResponse | null,
): string {
  const [, place] = /^\/members\/(\d+)/.exec(pointer) ?? [];
  const role = check?.members[Number(place)]?.role;
  return role === undefined ? roleNote(pointer, []) : `${role}: `;
}

function MemberList({ check }: { check: TeamValidationResponse }) {
  const { members, estimate } = check;
  return (
    <table class="table member-list" data-testid="team-members">
      <caption class="sr-only">Agents of the team</caption>
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Type</th>
          <th scope="col">Orders</th>
          <th scope="col" class="cell-num">CPU</th>
          <th scope="col" class="cell-num">Memory</th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <tr key={member.role} data-testid={`member-${member.role}`}>
            <th scope="row">
              {member.name} <span class="muted">{member.title}</span>
            </th>
            <td>
              {member.config === null
                ? UNKNOWN
                : AGENT_TYPE_WORDS[member.config.type].short}
            </td>
            <td>
              <Orders member={member} />
            </td>
            <Needs estimate={member.estimate} />
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            Together <span class="muted">(estimate)</span>
          </th>
          <Needs estimate={estimate} />
        </tr>
      </tfoot>
    </table>
  );
}

function Orders({ member: { config } }: { member: CheckedMember }) {
  if (config === null) return <>{UNKNOWN}</>;
  return placesOrders(config)
    ? <ModeBadge mode={config.mode} />
    : <span class="muted">none, reports only</span>;
}

function Needs({ estimate }: Pick<CheckedMember, "estimate">) {
  return (
    <>
      <td class="cell-num">
        <Known
          text={estimate === null
            ? UNKNOWN
            : `${
              formatDecimal(estimate.cores, { digits: 0, maxDigits: 3 })
            } cores`}
          reason={NOT_CHECKED}
        />
      </td>
      <td class="cell-num">
        <Known
          text={formatMiB(estimate?.memoryMiB ?? null)}
          reason={NOT_CHECKED}
        />
      </td>
    </>
  );
}
