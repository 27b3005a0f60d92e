import {
  RESOURCE_LINES,
  type ResourceLine,
  type ResourcesResponse,
} from "../../contracts/resources.ts";
import { Unknown } from "../Amount.tsx";
import { Card } from "../Card.tsx";
import {
  formatDecimal,
  formatDuration,
  formatTime,
  zoneName,
} from "../format.ts";

const NO_ANSWER = "The server has not answered yet";
const NO_ESTIMATE = "The agent was spawned by an older build";
const NOT_ESTIMATED = "Nothing is estimated for this";
const NO_RATIO = "Needs an estimate above zero and a figure of the last hour";

/** What an agent was expected to use before its spawn beside what it was seen to use. */
export function ResourcesCard(
  { resources }: { resources: ResourcesResponse | null },
) {
  return (
    <Card title="Resources" actions={<Age resources={resources} />}>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Resources, scrollable"
      >
        <table class="table" data-testid="resources-table">
          <caption class="sr-only">
            Use of the machine: estimate made before the spawn, and measured
          </caption>
          <thead>
            <tr>
              <th scope="col">Resource</th>
              <th scope="col" class="cell-num">Estimate</th>
              <th scope="col" class="cell-num">Last minute</th>
              <th scope="col" class="cell-num">Last hour</th>
              <th
                scope="col"
                class="cell-num"
                title="Last hour ÷ estimate"
              >
                Ratio
              </th>
            </tr>
          </thead>
          <tbody>
            {RESOURCE_LINES.map((line) => (
              <Row key={line.name} line={line} resources={resources} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Row(
  { line, resources }: {
    line: ResourceLine;
    resources: ResourcesResponse | null;
  },
) {
  const { name, unit, digits, ratio, help } = line;
  const estimate = resources?.estimate ?? null;
  const show = (value: number | null, reason: string) => (
    <td class="cell-num">
      {value === null
        ? <Unknown reason={resources === null ? NO_ANSWER : reason} />
        : formatDecimal(value, { digits })}
    </td>
  );
  const measured = (window: keyof ResourcesResponse["measured"]) =>
    show(
      resources === null ? null : line.measured(resources.measured[window]),
      `Not measured in this time. ${help}`,
    );
  return (
    <tr>
      <th scope="row" title={help}>
        {name} <small class="muted">{unit}</small>
      </th>
      {show(
        estimate === null ? null : line.estimated(estimate),
        estimate === null ? NO_ESTIMATE : ratio === null ? NOT_ESTIMATED : help,
      )}
      {measured("lastMinute")}
      {measured("lastHour")}
      <td class="cell-num">
        {ratio === null
          ? null
          : resources === null || resources.compared[ratio] === null
          ? <Unknown reason={resources === null ? NO_ANSWER : NO_RATIO} />
          : `${formatDecimal(resources.compared[ratio], { digits: 2 })} ×`}
      </td>
    </tr>
  );
}

/** Of when the newest figures are, and for how much of the hour there are any. */
function Age({ resources }: { resources: ResourcesResponse | null }) {
  if (resources === null) return <Unknown reason={NO_ANSWER} />;
  const { measuredAt, measured } = resources;
  return (
    <small class="muted" data-testid="resources-age">
      {measuredAt === null ? "Nothing measured yet" : (
        <>
          As of {formatTime(measuredAt)} {zoneName()} · measured for{" "}
          {formatDuration(measured.lastHour.measuredSeconds * 1_000)}{" "}
          of the last hour
          {measured.lastMinute.measuredSeconds === 0 && " · nothing runs now"}
        </>
      )}
    </small>
  );
}
