import type {
  EngineDecisionView,
  ModelVote,
} from "../../contracts/decisions.ts";
import { Unknown } from "../Amount.tsx";
import { formatDateTime, formatDecimal, formatPercent } from "../format.ts";

const OUTCOME_WORDS: Readonly<Record<EngineDecisionView["outcome"], string>> = {
  entry: "Entry",
  signal: "Signal only",
  abstained: "Abstained",
  skipped: "Skipped",
};

/** The newest vote of the models, and what the engine made of it. */
export function EngineVotes(
  { decisions }: { decisions: readonly EngineDecisionView[] },
) {
  const [newest] = decisions;
  if (newest === undefined) return null;
  const { bias, confidence, disagreement, expectedMovePct, unusual } = newest;
  return (
    <section class="engine-votes" data-testid="engine-votes">
      <p>
        <strong>{OUTCOME_WORDS[newest.outcome]}</strong>{" "}
        {bias === null ? "no side" : bias > 0 ? "▲ rise" : "▼ fall"} ·{" "}
        confidence <Share value={confidence} /> · apart{" "}
        <Share value={disagreement} /> · expected move {expectedMovePct === null
          ? <Unknown reason="The models were not counted" />
          : `${expectedMovePct.toFixed(3)} %`}{" "}
        <time class="muted">{formatDateTime(newest.at)}</time>
      </p>
      {newest.reason !== null && <p class="tone-warn">{newest.reason}</p>}
      {newest.votes.length > 0 && <VoteTable votes={newest.votes} />}
      {unusual.length > 0 && (
        <p class="muted">
          Most unusual inputs, in standard deviations:{" "}
          {unusual.map(({ feature, z }) =>
            `${feature} ${formatDecimal(z.toFixed(1), { signed: true })}`
          ).join(", ")}
        </p>
      )}
    </section>
  );
}

function VoteTable({ votes }: { votes: readonly ModelVote[] }) {
  return (
    <table class="table">
      <caption class="sr-only">Votes of the models</caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" class="cell-num">Rise</th>
          <th scope="col" class="cell-num">Flat</th>
          <th scope="col" class="cell-num">Fall</th>
        </tr>
      </thead>
      <tbody>
        {votes.map(({ model, probabilities, failure }) => (
          <tr key={model}>
            <th scope="row">{model}</th>
            {probabilities === null
              ? <td colSpan={3} class="muted">{failure ?? "no vote"}</td>
              : (["up", "flat", "down"] as const).map((side) => (
                <td key={side} class="cell-num">
                  <Share value={probabilities[side]} />
                </td>
              ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Share({ value }: { value: number | null }) {
  return value === null
    ? <Unknown reason="The models were not counted" />
    : <>{formatPercent(value * 100)}</>;
}
