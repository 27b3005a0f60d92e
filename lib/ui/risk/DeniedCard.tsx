import type { DeniedGroup, RiskDenials } from "../../contracts/fleet_risk.ts";
import { Unknown } from "../Amount.tsx";
import { formatAge, formatCount, formatDateTime, zoneName } from "../format.ts";
import { RiskCard, RiskTable } from "./RiskCard.tsx";

/** Denied orders of the last day by code, with what each code means. */
export function DeniedCard(
  { denials, problem, at }: {
    denials: RiskDenials | null;
    problem: string | null;
    at: number;
  },
) {
  return (
    <RiskCard
      title="Denied orders"
      testId="risk-denied"
      wide
      problem={problem}
      {...(denials === null ? {} : { note: noteOf(denials) })}
    >
      {denials === null
        ? (
          <p>
            <Unknown reason={problem ?? "The log cannot be read"} />
          </p>
        )
        : denials.groups.length === 0
        ? <p class="muted">No order was denied</p>
        : (
          <RiskTable
            caption="Denied orders by code"
            testId="risk-denied-table"
            isCards
            heads={[
              "Code",
              "Meaning",
              "#Live",
              "#Paper",
              "#Agents",
              "Last",
            ]}
          >
            {denials.groups.map((group) => (
              <DeniedLine key={group.code} group={group} at={at} />
            ))}
          </RiskTable>
        )}
    </RiskCard>
  );
}

function noteOf({ since, isWhole, groups }: RiskDenials): string {
  const gone = groups.reduce((sum, group) => sum + group.gone, 0);
  return `Orders and moves of stops, since ${
    formatDateTime(since)
  } ${zoneName()}${isWhole ? "" : ", which is as far as the log was read"}.${
    gone > 0 ? ` ${gone} more of agents that are gone.` : ""
  }`;
}

function DeniedLine({ group, at }: { group: DeniedGroup; at: number }) {
  return (
    <tr data-code={group.code}>
      <th scope="row">
        <code>{group.code}</code>
      </th>
      <td class="cell-wrap" data-label="Meaning">
        {group.explanation}.
        <span class="choice-help">{group.causeText}</span>
      </td>
      <td class="cell-num" data-label="Live">{formatCount(group.live)}</td>
      <td class="cell-num" data-label="Paper">{formatCount(group.paper)}</td>
      <td class="cell-num" data-label="Agents">{formatCount(group.agents)}</td>
      <td class="cell-wrap" data-label="Last">
        <span title={`${formatDateTime(group.lastAt)} ${zoneName()}`}>
          {formatAge(group.lastAt, at)}
        </span>
        {group.lastAgent !== null && ` · ${group.lastAgent}`}
        <span class="choice-help">{group.lastDetail}</span>
      </td>
    </tr>
  );
}
