import type { RiskLimit, RiskMarketRules } from "../../contracts/fleet_risk.ts";
import { Known } from "../Amount.tsx";
import { ModeBadge } from "../Badge.tsx";
import { formatPercent, plural } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { actionRefusal, type PanelUser } from "../roles.ts";
import { RiskCard, RiskTable } from "./RiskCard.tsx";
import { MarketRules } from "./MarketRules.tsx";
import {
  configLink,
  LIMIT_WORDS,
  limitAmount,
  SOURCE_WORDS,
} from "./risk_words.ts";

/** Rows that are seen at once; the others are one click away. */
const ROWS_SEEN = 12;

/** Every limit that is in force with how much of it is used, the fullest first. */
export function LimitsCard(
  { limits, leftOut, rules, rulesLeftOut, user }: {
    limits: readonly RiskLimit[];
    leftOut: number;
    rules: readonly RiskMarketRules[];
    rulesLeftOut: number;
    user: PanelUser;
  },
) {
  const first = limits.slice(0, ROWS_SEEN);
  const others = limits.slice(ROWS_SEEN);
  return (
    <RiskCard
      title="Limits"
      testId="risk-limits"
      wide
      note="Rates are those of the last minute, of an agent by the time of its market. Orders beyond a limit are among the denied ones below."
    >
      <LimitTable limits={first} user={user} caption="Limits, fullest first" />
      {others.length > 0 && (
        <details class="disclosure">
          <summary>{plural(others.length, "further limit")}</summary>
          <LimitTable limits={others} user={user} caption="Further limits" />
        </details>
      )}
      {leftOut > 0 && (
        <p class="risk-note">
          {plural(leftOut, "limit")}{" "}
          that are less full are left out; each agent's page has its own.
        </p>
      )}
      <MarketRules rules={rules} leftOut={rulesLeftOut} />
    </RiskCard>
  );
}

function LimitTable(
  { limits, user, caption }: {
    limits: readonly RiskLimit[];
    user: PanelUser;
    caption: string;
  },
) {
  const refusal = actionRefusal(user.role, "agents.configure");
  return (
    <RiskTable
      caption={caption}
      testId="risk-limits-table"
      isCards
      heads={[
        "Limit",
        "Of",
        "#Used",
        "#Cap",
        "#Headroom",
        "Fill",
        "State",
        "Source",
        "Change",
      ]}
    >
      {limits.map((row) => (
        <tr key={`${row.agentId} ${row.limit} ${row.label}`}>
          <th scope="row">{row.label}</th>
          <td data-label="Of">
            {row.scope} {row.mode !== null && <ModeBadge mode={row.mode} />}
          </td>
          <td class="cell-num" data-label="Used">
            <Known
              text={limitAmount(row.used, row.unit)}
              reason={row.note ?? "Not known yet"}
            />
          </td>
          <td class="cell-num" data-label="Cap">
            {limitAmount(row.cap, row.unit)}
          </td>
          <td class="cell-num" data-label="Headroom">
            <Known
              text={limitAmount(row.headroom, row.unit)}
              reason={row.note ?? "Not known yet"}
            />
          </td>
          <td data-label="Fill">
            <LimitBar row={row} />
          </td>
          <td data-label="State">
            <LimitState row={row} />
          </td>
          <td data-label="Source">{SOURCE_WORDS[row.source]}</td>
          <td data-label="Change">
            <ChangeLink row={row} refusal={refusal} />
          </td>
        </tr>
      ))}
    </RiskTable>
  );
}

function LimitState({ row }: { row: RiskLimit }) {
  const { glyph, word, tone } = LIMIT_WORDS[row.level];
  return (
    <span class={`state tone-${tone}`} title={row.note ?? undefined}>
      <Glyph name={glyph} /> {word}
    </span>
  );
}

function LimitBar({ row: { share, level, label } }: { row: RiskLimit }) {
  if (share === null) return <span class="muted">—</span>;
  const tone = level === "reached"
    ? "danger"
    : level === "near"
    ? "warn"
    : "normal";
  const text = formatPercent(share * 100, { digits: 0 });
  return (
    <span class="risk-bar">
      <svg
        class={`bar bar-${tone}`}
        viewBox="0 0 80 8"
        width="80"
        height="8"
        role="img"
        aria-label={`${label}: ${text} used`}
      >
        <rect class="bar-track" width="80" height="8" rx="2" />
        <rect
          class="bar-fill"
          width={Math.round(Math.min(1, Math.max(0, share)) * 800) / 10}
          height="8"
          rx="2"
        />
      </svg>
      <span class="num">{text}</span>
    </span>
  );
}

function ChangeLink(
  { row: { agentId, label, scope }, refusal }: {
    row: RiskLimit;
    refusal: string | null;
  },
) {
  if (agentId === null) {
    return <span class="muted">by who runs the server</span>;
  }
  if (refusal !== null) return <span class="muted">{refusal}</span>;
  return (
    <a
      href={configLink(agentId)}
      aria-label={`Change ${label} of ${scope} in its configuration`}
    >
      Configuration
    </a>
  );
}
