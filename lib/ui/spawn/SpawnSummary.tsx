import type { ValidationResponse } from "../../contracts/agent.ts";
import type { QuotaUse } from "../../contracts/quota.ts";
import { Known, Unknown } from "../Amount.tsx";
import { Fact } from "../Card.tsx";
import { formatDecimal, formatMiB, formatMoney, UNKNOWN } from "../format.ts";

/** Third column of the spawn dialog: what the agent will need and could lose. */
export function SpawnSummary(
  { validation, checking, failure, unit, isLive, input, agents = null }: {
    validation:
      | Pick<
        ValidationResponse,
        "estimate" | "worstDayLoss" | "worstTotalLoss"
      >
      | null;
    checking: boolean;
    failure: string | null;
    unit: string;
    /** Real money. */
    isLive: boolean;
    input: unknown;
    /** The quota of agents: told also while there is no estimate. */
    agents?: QuotaUse | null;
  },
) {
  const estimate = validation?.estimate ?? null;
  const used = estimate?.agentsUsed ?? agents?.used;
  const allowed = estimate?.agentsAllowed ?? agents?.limit;
  const reason = failure ?? "Shown when everything is filled in correctly";
  const of = (text: string | undefined) => (
    <Known text={text ?? UNKNOWN} reason={reason} />
  );
  return (
    <aside
      class="summary"
      aria-label="Summary"
      aria-busy={checking ? "true" : "false"}
    >
      <h3>
        Worst case{" "}
        <span class="muted">{isLive ? "real money" : "simulated money"}</span>
      </h3>
      <dl class="facts" data-testid="spawn-worst">
        <Fact name="In one day">
          {of(formatMoney(validation?.worstDayLoss ?? null, unit))}
        </Fact>
        <Fact name="In total">
          {of(formatMoney(validation?.worstTotalLoss ?? null, unit))}
        </Fact>
      </dl>
      <p class="muted small">
        By the limits; slippage beyond a stop comes on top.
      </p>
      <h3>
        Resources <span class="muted">estimate</span>
      </h3>
      <dl class="facts" data-testid="spawn-estimate">
        <Fact name="CPU">
          {of(
            estimate === null
              ? undefined
              : `${
                formatDecimal(estimate.cores, { digits: 0, maxDigits: 3 })
              } cores`,
          )}
        </Fact>
        <Fact name="Memory">{of(formatMiB(estimate?.memoryMiB ?? null))}</Fact>
        <Fact name="Messages">
          {of(
            estimate === null
              ? undefined
              : `${
                formatDecimal(estimate.messagesPerMinute, {
                  digits: 0,
                  maxDigits: 1,
                })
              } a minute`,
          )}
        </Fact>
        <Fact name="Exchange calls">
          {estimate !== null && estimate.apiCallsPerMinute === null
            ? <Unknown reason="Depends on how often it trades" />
            : of(
              estimate === null
                ? undefined
                : `${
                  formatDecimal(estimate.apiCallsPerMinute, {
                    digits: 0,
                    maxDigits: 1,
                  })
                } a minute`,
            )}
        </Fact>
        <Fact name="Fleet">
          {used === undefined || allowed === undefined
            ? <Unknown reason={reason} />
            : (
              <span data-testid="spawn-headroom">
                {used} of {allowed} agents
                <Headroom used={used} allowed={allowed} />
              </span>
            )}
        </Fact>
      </dl>
      {failure !== null && <p class="field-warning small">{failure}</p>}
      <details class="disclosure">
        <summary>Configuration as JSON</summary>
        <pre
          class="json"
          tabIndex={0}
        >{JSON.stringify(input, null, 2)}</pre>
      </details>
    </aside>
  );
}

function Headroom({ used, allowed }: { used: number; allowed: number }) {
  const width = allowed === 0 ? 0 : Math.min(1, used / allowed) * 100;
  return (
    <svg
      class="bar bar-wide"
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="bar-track" width="100" height="6" rx="2" />
      <rect class="bar-fill" width={Math.round(width)} height="6" rx="2" />
    </svg>
  );
}
