import {
  type EmergencyResponse,
  type Latch,
  type StopProgress,
  type StopView,
} from "../../contracts/emergency.ts";
import { Card } from "../Card.tsx";
import { Banner } from "../Feedback.tsx";
import { formatCount, formatDateTime, formatQuantity } from "../format.ts";
import type { FormProof } from "../ProofField.tsx";
import { Glyph } from "../Glyph.tsx";
import { stopSteps } from "./stop_steps.ts";
import { StopSteps } from "./StopSteps.tsx";
import { ReleaseForm, type ReleaseRefusal } from "./ReleaseForm.tsx";
import {
  LEVER_CHOICES,
  type NameOf,
  scopeName,
  STATE_WORDS,
  stopStanding,
} from "./words.ts";

/** What the list shows. */
export interface StopListProps {
  state: EmergencyResponse;
  nameOf: NameOf;
  /** Why the user may not release a stop, or null. */
  whyNot: (latch: Latch) => string | null;
  refused: ReleaseRefusal | null;
  proof: FormProof;
}

/** Stops in force, each with its accounts and the form that releases it; then the latest that were released. */
export function StopList(
  { state, nameOf, whyNot, refused, proof }: StopListProps,
) {
  return (
    <>
      {!state.isDeskUp && (
        <Banner tone="danger" testId="desk-down">
          The order desk does not answer. A stop is kept for it and holds before
          it trades again; on the server's machine{" "}
          <code>deno task agent halt --local</code> asks it directly.
        </Banner>
      )}
      {state.fileProblem !== null && (
        <Banner tone="danger">{state.fileProblem}</Banner>
      )}
      {state.latches.map((stop) => (
        <StopCard
          key={stop.id}
          stop={stop}
          nameOf={nameOf}
          refusal={whyNot(stop)}
          refused={refused?.id === stop.id ? refused : null}
          proof={proof}
        />
      ))}
      {state.released.length > 0 && (
        <details class="disclosure">
          <summary>Released lately ({state.released.length})</summary>
          <ul class="plain-list" data-testid="released">
            {state.released.map((latch) => (
              <li key={latch.id}>
                {scopeName(latch, nameOf)}, stopped by {latch.by.name}{" "}
                {formatDateTime(latch.at)}, released by{" "}
                {latch.release?.by.name}: {latch.release?.reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function StopCard(
  { stop, nameOf, refusal, refused, proof }: {
    stop: StopView;
    nameOf: NameOf;
    refusal: string | null;
    refused: ReleaseRefusal | null;
    proof: FormProof;
  },
) {
  const isAlarming = stop.residue.length > 0;
  return (
    <Card title={scopeName(stop, nameOf)}>
      <div class="stop-card" data-testid={`stop-${stop.id}`}>
        <p role="status" class={isAlarming ? "tone-danger" : "tone-warn"}>
          <Glyph
            name={isAlarming ? "cross" : stop.isWorking ? "half" : "stop"}
          />{" "}
          {stopStanding(stop)}
        </p>
        <p>
          {LEVER_CHOICES[stop.lever].label}
          {stop.withdrawAll && ", with stops and targets"}. Stopped by{" "}
          {stop.by.name} {formatDateTime(stop.at)}
          {stop.reason !== "" && `: ${stop.reason}`}
        </p>
        {stop.progress.length > 0 && <StopSteps steps={stopSteps(stop)} />}
        {stop.progress.length > 0 && (
          <Progress
            rows={isAlarming ? stop.residue : stop.progress}
            isOpen={isAlarming || stop.isWorking}
            nameOf={nameOf}
          />
        )}
        <ReleaseForm
          stop={stop}
          refusal={refusal}
          refused={refused}
          proof={proof}
        />
      </div>
    </Card>
  );
}

function Progress(
  { rows, isOpen, nameOf }: {
    rows: readonly StopProgress[];
    isOpen: boolean;
    nameOf: NameOf;
  },
) {
  return (
    <details class="disclosure" open={isOpen}>
      <summary>Accounts ({rows.length})</summary>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Accounts of the stop, scrollable"
      >
        <table class="table" data-testid="progress">
          <caption class="sr-only">Accounts of the stop</caption>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col">State</th>
              <th scope="col" class="num">Orders left</th>
              <th scope="col" class="num">Position left</th>
              <th scope="col">Which orders</th>
              <th scope="col">Problem</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.agentId}>
                <th scope="row">
                  <a href={`/agents/${row.agentId}`}>{nameOf(row.agentId)}</a>
                </th>
                <td class={`tone-${STATE_WORDS[row.state].tone}`}>
                  <Glyph name={STATE_WORDS[row.state].glyph} />{" "}
                  {STATE_WORDS[row.state].word}
                </td>
                <td class="num">{formatCount(row.ordersLeft)}</td>
                <td class="num">
                  {row.positionLeft === "0"
                    ? "none"
                    : formatQuantity(row.positionLeft)}
                </td>
                <td>{row.orders.join(" ")}</td>
                <td>{row.error ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
