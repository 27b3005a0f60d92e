import type { ResourceEstimate } from "../../contracts/agent.ts";
import {
  RESOURCE_LINES,
  type ResourceLine,
  type ResourcesResponse,
} from "../../contracts/resources.ts";
import type { Command } from "../command.ts";
import { agentViewCommand } from "./agent_view.ts";
import { type Column, formatTime, writeTable } from "../output.ts";

/** `resources`: what one agent was expected to use beside what it uses. */
export const resourcesCommand: Command = agentViewCommand({
  name: "resources",
  summary: "Show what an agent uses beside its estimate",
  details: [
    "AGENT is an id or a unique name.",
    "RATIO is the last hour ÷ the estimate; — is unknown.",
  ],
  read: (client, id) => client.resources(id),
  write: (io, resources) => {
    writeTable(io, RESOURCE_LINES, columnsOf(resources));
    io.stderr(`${remarkOf(resources)}\n`);
  },
});

function columnsOf(
  { estimate, measured, compared }: ResourcesResponse,
): readonly Column<ResourceLine>[] {
  const { lastMinute, lastHour } = measured;
  return [
    { title: "RESOURCE", value: ({ name }) => name },
    { title: "UNIT", value: ({ unit }) => unit },
    {
      title: "ESTIMATE",
      value: (line) => fixed(estimated(line, estimate), line),
      isNumber: true,
    },
    {
      title: "LAST MINUTE",
      value: (line) => fixed(line.measured(lastMinute), line),
      isNumber: true,
    },
    {
      title: "LAST HOUR",
      value: (line) => fixed(line.measured(lastHour), line),
      isNumber: true,
    },
    {
      title: "RATIO",
      value: ({ ratio }) => ratio === null ? null : compared[ratio]?.toFixed(2),
      isNumber: true,
    },
  ];
}

function estimated(
  line: ResourceLine,
  estimate: ResourceEstimate | null,
): number | null {
  return estimate === null ? null : line.estimated(estimate);
}

function remarkOf(
  { estimate, measured, measuredAt, ageSeconds }: ResourcesResponse,
): string {
  const told = estimate === null
    ? "No estimate: the agent was spawned by an older build. "
    : "";
  if (measuredAt === null) {
    return `${told}Nothing is measured since the server started: the agent has given no sign of life`;
  }
  const { lastMinute, lastHour } = measured;
  const isDown = lastMinute.measuredSeconds === 0
    ? "; nothing runs now"
    : `, ${lastMinute.measuredSeconds} s of the last minute`;
  return `${told}Measured for ${lastHour.measuredSeconds} s of the last hour${isDown}. Newest figures: ${
    formatTime(measuredAt)
  } UTC, ${ageSeconds} s ago`;
}

function fixed(value: number | null, { digits }: ResourceLine): string | null {
  return value === null ? null : value.toFixed(digits);
}
