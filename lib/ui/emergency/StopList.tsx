import {
  type EmergencyResponse,
  type Latch,
  RELEASE_WORD,
  type StopProgress,
  type StopView,
} from "../../contracts/emergency.ts";
import { Card } from "../Card.tsx";
import { Banner } from "../Feedback.tsx";
import { Field } from "../Field.tsx";
import { FormError } from "../FormError.tsx";
import { formatCount, formatDateTime, formatQuantity } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import {
  LEVER_CHOICES,
  type NameOf,
  scopeName,
  STATE_WORDS,
  stopStanding,
} from "./words.ts";

/** A release that was refused. */
export interface ReleaseRefusal {
  id: string;
  reason: string;
  errors: Readonly<Record<string, string>>;
}

/** What the list shows. */
export interface StopListProps {
  state: EmergencyResponse;
  nameOf: NameOf;
  /** Why the user may not release a stop, or null. */
  whyNot: (latch: Latch) => string | null;
  refused: ReleaseRefusal | null;
  /** How the user proves who they are: with a code of their second factor where they have one. */
  proof: "code" | "password";
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
    proof: StopListProps["proof"];
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

function ReleaseForm(
  { stop, refusal, refused, proof }: {
    stop: StopView;
    refusal: string | null;
    refused: ReleaseRefusal | null;
    proof: StopListProps["proof"];
  },
) {
  if (refusal !== null) return <p class="page-lead">Release: {refusal}.</p>;
  const errors = refused?.errors ?? {};
  const field = (name: string) => `${name}-${stop.id}`;
  return (
    <details class="disclosure" open={refused !== null}>
      <summary data-testid="release-open">Release</summary>
      <form
        method="post"
        action="/emergency-stop"
        class="stop-release"
        data-testid="release-form"
        noValidate
      >
        <input type="hidden" name="release" value={stop.id} />
        <FormError message={errors[""]} />
        <Field
          name={field("reason")}
          label="Why trading may go on"
          error={errors["reason"] ?? null}
        >
          <input
            class="input"
            name="reason"
            maxLength={200}
            value={refused?.reason ?? ""}
            data-testid="release-reason"
          />
        </Field>
        <Field
          name={field("confirm")}
          label={`Type ${RELEASE_WORD}`}
          error={errors["confirm"] ?? null}
        >
          <input
            class="input"
            name="confirm"
            autocomplete="off"
            data-testid="release-confirm"
          />
        </Field>
        <ProofField name={field(proof)} proof={proof} error={errors[proof]} />
        <div class="dialog-actions">
          <button
            type="submit"
            class="btn btn-primary"
            data-testid="release-submit"
          >
            Release, and let trading go on
          </button>
        </div>
      </form>
    </details>
  );
}

/** A password, or a code of the second factor. */
function ProofField(
  { name, proof, error }: {
    name: string;
    proof: StopListProps["proof"];
    error: string | undefined;
  },
) {
  const isCode = proof === "code";
  return (
    <Field
      name={name}
      label={isCode ? "Code of your authenticator" : "Your password"}
      help={isCode
        ? "Six digits, or a recovery code; leave it empty if you proved one within five minutes"
        : undefined}
      error={error ?? null}
    >
      <input
        class="input"
        type={isCode ? "text" : "password"}
        name={proof}
        autocomplete={isCode ? "one-time-code" : "current-password"}
        data-testid={`release-${proof}`}
      />
    </Field>
  );
}
