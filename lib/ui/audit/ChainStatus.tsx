import type { AuditCheck } from "../../contracts/audit_trail.ts";
import { Banner } from "../Feedback.tsx";
import { formatAge, formatCount, formatDateTime, zoneName } from "../format.ts";

/** Whether the trail is whole, how far, and since when that is known. */
export function ChainStatus(
  { check, now }: { check: AuditCheck; now: number },
) {
  const broken = check.streams.filter(({ fault }) => fault !== null);
  if (broken.length > 0) {
    return (
      <Banner tone="danger" testId="chain-status">
        <strong>The chain is broken.</strong>{" "}
        Somebody or something changed what was recorded. Trading goes on.
        {broken.map(({ stream, fault }) => (
          <p key={stream} class="audit-fault">{fault!.detail}</p>
        ))}
      </Banner>
    );
  }
  const isChecked = check.streams.every(({ checkedAt }) => checkedAt !== null);
  if (!isChecked) {
    return (
      <Banner tone="info" testId="chain-status">
        The chain has not been checked since the server started.
      </Banner>
    );
  }
  const isBehind = check.streams.some(({ head, wholeTo }) => wholeTo < head);
  const verified = check.streams.reduce((sum, one) => sum + one.wholeTo, 0);
  return (
    <Banner tone={isBehind ? "info" : "ok"} testId="chain-status">
      <strong>
        Chain verified: {formatCount(verified)} entries, intact
        {isBehind && " so far"}.
      </strong>
      {check.streams.map((one) => (
        <p key={one.stream} class="audit-whole">
          The chain of {one.stream} is whole up to entry{" "}
          {formatCount(one.wholeTo)}
          {one.wholeTo < one.head && ` of ${formatCount(one.head)}`}, checked
          {" "}
          {formatAge(one.checkedAt, now)}
          <span class="muted">
            {one.checkpoint === null
              ? "; not signed yet"
              : `; signed up to entry ${formatCount(one.checkpoint.n)} at ${
                formatDateTime(one.checkpoint.at)
              } ${zoneName()}`}
          </span>
        </p>
      ))}
      {check.checkpointTrouble !== null && (
        <p class="audit-fault">{check.checkpointTrouble}</p>
      )}
    </Banner>
  );
}
