import type {
  FleetTradingState,
  RiskStop,
  RiskTrading,
} from "../../contracts/fleet_risk.ts";
import { Unknown } from "../Amount.tsx";
import { ModeBadge } from "../Badge.tsx";
import { LEVER_CHOICES, scopeName } from "../emergency/words.ts";
import { formatDateTime, plural, zoneName } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { actionRefusal, type PanelUser } from "../roles.ts";
import { keysOf, TRADING_WORDS } from "../words.ts";
import { RiskCard, RiskTable } from "./RiskCard.tsx";
import { FLEET_TRADING_WORDS } from "./risk_words.ts";

/** Whether trading goes on, what holds it back, and the ways to stop it and to let it go on. */
export function TradingCard(
  { trading, user, nameOf }: {
    trading: RiskTrading;
    user: PanelUser;
    nameOf: (agentId: string) => string;
  },
) {
  const { accounts, stops, held, heldLeftOut, isDeskUp } = trading;
  return (
    <RiskCard
      title="Trading"
      testId="risk-trading"
      wide
      problem={isDeskUp || accounts.active + accounts.unknown === 0
        ? null
        : "An order desk does not answer: what is shown is what was heard last"}
    >
      <StateSteps state={trading.state} />
      <p class="risk-counts">
        {keysOf(TRADING_WORDS).map((state) => (
          <span
            key={state}
            class={`state tone-${
              accounts[state] === 0 ? "muted" : TRADING_WORDS[state].tone
            }`}
          >
            <Glyph name={TRADING_WORDS[state].glyph} />
            {plural(accounts[state], "account")}{" "}
            {TRADING_WORDS[state].word.toLowerCase()}
          </span>
        ))}
        {accounts.unknown > 0 && (
          <span class="state tone-muted">
            <Glyph name="ring" />
            {plural(accounts.unknown, "account")} not heard of yet
          </span>
        )}
      </p>
      {stops.map((stop) => (
        <StopLine key={stop.id} stop={stop} nameOf={nameOf} />
      ))}
      <Ways stops={stops} user={user} />
      {held.length > 0 && (
        <RiskTable
          caption="Accounts that may not trade freely"
          testId="risk-held"
          isCards
          heads={["Agent", "State", "Why"]}
        >
          {held.map(({ agentId, name, mode, state, reason }) => (
            <tr key={agentId}>
              <th scope="row">
                <a href={`/agents/${agentId}`}>{name}</a>{" "}
                <ModeBadge mode={mode} />
              </th>
              <td data-label="State">
                <span class={`state tone-${TRADING_WORDS[state].tone}`}>
                  <Glyph name={TRADING_WORDS[state].glyph} />
                  {TRADING_WORDS[state].word}
                </span>
              </td>
              <td class="cell-wrap" data-label="Why">
                {reason ?? <Unknown reason="The desk gives no reason" />}
              </td>
            </tr>
          ))}
        </RiskTable>
      )}
      {heldLeftOut > 0 && (
        <p class="risk-note">
          {plural(heldLeftOut, "more account")}; see the <a href="/">fleet</a>.
        </p>
      )}
    </RiskCard>
  );
}

function StateSteps({ state }: { state: FleetTradingState | null }) {
  return (
    <>
      <ol class="risk-states" aria-label="Trading state">
        {keysOf(FLEET_TRADING_WORDS).map((one) => {
          const { glyph, word, tone } = FLEET_TRADING_WORDS[one];
          return one === state
            ? (
              <li
                key={one}
                class={`risk-state risk-state-on tone-${tone}`}
                aria-current="true"
                data-testid="risk-state"
                data-state={one}
              >
                <Glyph name={glyph} /> {word}
              </li>
            )
            : <li key={one} class="risk-state">{word}</li>;
        })}
      </ol>
      <p>
        {state === null
          ? "Unknown: no agent has an account yet"
          : FLEET_TRADING_WORDS[state].meaning}.
      </p>
    </>
  );
}

function StopLine(
  { stop, nameOf }: { stop: RiskStop; nameOf: (agentId: string) => string },
) {
  return (
    <p class="risk-stop" data-testid="risk-stop">
      <span class="state tone-danger">
        <Glyph name="stop" /> Emergency stop
      </span>{" "}
      {scopeName(stop, nameOf)}:{" "}
      {LEVER_CHOICES[stop.lever].label.toLowerCase()}. By {stop.by},{" "}
      {formatDateTime(stop.at)} {zoneName()}
      {stop.reason !== "" && <>: “{stop.reason}”</>}. {stop.isWorking
        ? `At work: ${stop.done} of ${plural(stop.accounts, "account")} done`
        : `${plural(stop.accounts, "account")} held`}
      {stop.residue > 0 && <b class="tone-danger">, {stop.residue} left over
      </b>}.
    </p>
  );
}

/** Links; who may not use one is told why beside it. */
function Ways(
  { stops, user }: { stops: readonly RiskStop[]; user: PanelUser },
) {
  return (
    <p class="risk-ways">
      <Way
        href="/emergency-stop"
        label="Stop trading…"
        refusal={actionRefusal(user.role, "emergency.stop")}
        isDanger
        testId="risk-stop-link"
      />
      {stops.length > 0 && (
        <Way
          href="/emergency-stop"
          label="Release…"
          refusal={actionRefusal(user.role, "emergency.release")}
          testId="risk-release-link"
        />
      )}
      <span class="risk-note">
        {stops.length > 0
          ? "Release needs the role risk, a reason and a fresh proof of who you are."
          : "A stop holds, also over restarts, until somebody with the role risk releases it."}
      </span>
    </p>
  );
}

function Way(
  { href, label, refusal, isDanger = false, testId }: {
    href: string;
    label: string;
    refusal: string | null;
    isDanger?: boolean;
    testId: string;
  },
) {
  if (refusal !== null) {
    return (
      <button
        type="button"
        class="btn btn-default"
        aria-disabled="true"
        title={refusal}
        data-testid={testId}
      >
        {label} <small>{refusal}</small>
      </button>
    );
  }
  return (
    <a
      class={isDanger ? "btn btn-danger" : "btn btn-default"}
      href={href}
      data-testid={testId}
    >
      {label}
    </a>
  );
}
