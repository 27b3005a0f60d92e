import type { StopProgress, StopView } from "../../contracts/emergency.ts";
import { formatCount, formatDateTime, formatQuantity } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { stopSteps } from "./stop_steps.ts";
import { StopSteps } from "./StopSteps.tsx";
import {
  LEVER_CHOICES,
  type NameOf,
  STATE_WORDS,
  stopStanding,
} from "./words.ts";

/** How a stop stands: in one sentence, in steps, and account by account. */
export function StopStanding(
  { stop, nameOf }: { stop: StopView; nameOf: NameOf },
) {
  const isAlarming = stop.residue.length > 0;
  return (
    <>
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
    </>
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
