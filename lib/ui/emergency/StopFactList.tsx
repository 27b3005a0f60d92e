import { Known, Unknown } from "../Amount.tsx";
import { ModeBadge } from "../Badge.tsx";
import { Fact } from "../Card.tsx";
import { formatCount, formatMoney, plural } from "../format.ts";
import type { StopFacts } from "./stop_facts.ts";

const NOT_HEARD = "Not every account has been heard of";

/** What a stop of everything meets now. Null facts are not known, with the reason. */
export function StopFactList(
  { facts, reason }: { facts: StopFacts | null; reason: string },
) {
  const count = (value: number | null | undefined) => (
    <Known
      text={formatCount(value ?? null)}
      reason={facts === null ? reason : NOT_HEARD}
    />
  );
  return (
    <dl class="facts" data-testid="stop-facts">
      <Fact name="Agents halted">{count(facts?.agents)}</Fact>
      <Fact name="Open orders">
        {count(facts?.orders)}
        {(facts?.orders ?? 0) > 0 && typeof facts?.entries === "number" && (
          <small class="muted">
            &nbsp;of them {plural(facts.entries, "entry", "entries")}
          </small>
        )}
      </Fact>
      <Fact name="Open positions">{count(facts?.positions)}</Fact>
      <Fact name="Exposure">
        {facts === null
          ? <Unknown reason={reason} />
          : facts.exposure.length === 0
          ? "none"
          : facts.exposure.map(({ mode, currency, amount, positions }) => (
            <span class="stop-exposure" key={`${mode} ${currency}`}>
              <ModeBadge mode={mode} />{" "}
              <Known
                text={formatMoney(amount, currency)}
                reason="The price of a position is not known now"
              />
              <small class="muted">&nbsp;{plural(positions, "position")}</small>
            </span>
          ))}
      </Fact>
    </dl>
  );
}
