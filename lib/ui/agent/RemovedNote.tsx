import { Banner } from "../Feedback.tsx";
import { formatDateTime, zoneName } from "../format.ts";

/** Says that the agent has left the fleet while its page is open, and where to go on. */
export function RemovedNote(
  { agentId, at }: { agentId: string; at: number | null },
) {
  if (at === null) return null;
  return (
    <Banner tone="warn" testId="agent-removed">
      This agent was removed from the fleet. Values as of {formatDateTime(at)}
      {" "}
      {zoneName()}; its log and audit entries stay on record.{" "}
      <a href={`/logs?agentId=${agentId}`}>Its log</a> · <a href="/">Fleet</a>
    </Banner>
  );
}
