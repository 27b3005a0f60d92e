import type { RiskBreaker } from "../../contracts/fleet_risk.ts";
import { Unknown } from "../Amount.tsx";
import { ModeBadge } from "../Badge.tsx";
import { formatCount, formatDuration, plural } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { RiskCard, RiskTable } from "./RiskCard.tsx";
import { BREAKER_WORDS } from "./risk_words.ts";

/** Rows that are seen at once. */
const ROWS_SEEN = 10;

/** Breakers, open ones first. */
export function BreakerCard(
  { breakers, leftOut, problem, at }: {
    breakers: readonly RiskBreaker[];
    leftOut: number;
    problem: string | null;
    at: number;
  },
) {
  const hidden = Math.max(0, breakers.length - ROWS_SEEN) + leftOut;
  const open = breakers.filter(({ state }) => state !== "closed").length;
  return (
    <RiskCard
      title="Breakers"
      testId="risk-breakers"
      problem={problem}
      note="Trips are those of the last 24 hours, as far as the log goes back."
    >
      <p class={`state tone-${open === 0 ? "ok" : "danger"}`}>
        <Glyph name={open === 0 ? "check" : "cross"} />
        {open === 0 ? "None is open" : `${open} open or half open`}
      </p>
      {breakers.length > 0 && (
        <RiskTable
          caption="Breakers"
          testId="risk-breakers-table"
          isCards
          heads={["Breaker", "State", "#Count", "#Trips", "Cause and reset"]}
        >
          {breakers.slice(0, Math.max(ROWS_SEEN, open)).map((one) => (
            <BreakerLine
              key={`${one.kind} ${one.agentId} ${one.name} ${one.what} ${one.mode}`}
              breaker={one}
              at={at}
            />
          ))}
        </RiskTable>
      )}
      {hidden > 0 && (
        <p class="risk-note">
          {plural(hidden, "further breaker")}, none of them open.
        </p>
      )}
    </RiskCard>
  );
}

function BreakerLine({ breaker, at }: { breaker: RiskBreaker; at: number }) {
  const { agentId, name, mode, what, state, cause, count, limit } = breaker;
  const { glyph, word, tone } = BREAKER_WORDS[state];
  return (
    <tr>
      <th scope="row" title={what}>
        {agentId === null
          ? `${name}: ${what.toLowerCase()}`
          : <a href={`/agents/${agentId}`}>{name}</a>}{" "}
        {mode !== null && <ModeBadge mode={mode} />}
      </th>
      <td data-label="State">
        <span class={`state tone-${tone}`}>
          <Glyph name={glyph} /> {word}
        </span>
      </td>
      <td class="cell-num" data-label="Count">
        {formatCount(count)}
        {limit !== null && ` of ${limit}`}
      </td>
      <td class="cell-num" data-label="Trips">
        {breaker.trips === null
          ? <Unknown reason="They are not counted here" />
          : formatCount(breaker.trips)}
      </td>
      <td class="cell-wrap" data-label="Cause">
        {state !== "closed" && (
          <>
            {cause ?? <Unknown reason="Nobody said why" />}
            <span class="choice-help">
              {breaker.resetAt === null
                ? breaker.reset
                : `Resets in ${
                  formatDuration(Math.max(0, breaker.resetAt - at))
                }`}
            </span>
          </>
        )}
      </td>
    </tr>
  );
}
