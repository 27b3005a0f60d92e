import type { ComponentChildren } from "preact";
import type {
  EmergencyResponse,
  Latch,
  StopView,
} from "../../contracts/emergency.ts";
import { Card } from "../Card.tsx";
import { Banner } from "../Feedback.tsx";
import { formatDateTime } from "../format.ts";
import type { FormProof } from "../ProofField.tsx";
import { ReleaseForm, type ReleaseRefusal } from "./ReleaseForm.tsx";
import { type NameOf, scopeName } from "./words.ts";

/** What the list shows. */
export interface StopListProps {
  state: EmergencyResponse;
  nameOf: NameOf;
  /** How a stop stands, which changes while it works. */
  standing: (stop: StopView) => ComponentChildren;
  /** Why the user may not release a stop, or null. */
  whyNot: (latch: Latch) => string | null;
  refused: ReleaseRefusal | null;
  proof: FormProof;
}

/** Stops in force, each with its accounts and the form that releases it; then the latest that were released. */
export function StopList(
  { state, nameOf, standing, whyNot, refused, proof }: StopListProps,
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
          name={scopeName(stop, nameOf)}
          standing={standing(stop)}
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
  { stop, name, standing, refusal, refused, proof }: {
    stop: StopView;
    name: string;
    standing: ComponentChildren;
    refusal: string | null;
    refused: ReleaseRefusal | null;
    proof: FormProof;
  },
) {
  return (
    <Card title={name}>
      <div class="stop-card" data-testid={`stop-${stop.id}`}>
        {standing}
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
