import type { AuditRecord } from "../../contracts/audit_trail.ts";
import { Badge } from "../Badge.tsx";
import {
  formatCount,
  formatDateTime,
  formatDay,
  formatTime,
  zoneName,
} from "../format.ts";
import { actionWords, viaWords } from "./audit_words.ts";
import { viewDetail } from "./changes.ts";

const AGENT_ID = /^agt_[0-9A-Z]{26}$/;

/** Entries of the audit trail, newest first; each one opens to what it says in full. */
export function AuditTable({ records }: { records: readonly AuditRecord[] }) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="Audit trail, scrollable"
    >
      <table class="table audit-table" data-testid="audit-table">
        <caption class="sr-only">Audit trail, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time ({zoneName()})</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Target</th>
            <th scope="col">Outcome</th>
            <th scope="col" class="num">Entry</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Row key={`${record.stream} ${record.n}`} record={record} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ record }: { record: AuditRecord }) {
  const { at, actor, via, action, outcome, reason } = record;
  const isRefused = outcome === "refused";
  return (
    <tr>
      <th scope="row" title={`${formatDateTime(at)} ${zoneName()}`}>
        {formatDay(at).slice(5)} {formatTime(at)}
      </th>
      <td>
        <span class="audit-who" title={actor.id ?? undefined}>
          {actor.name}
        </span>
        <br />
        <span class="muted">
          {actor.kind === "token" && "with a token, "}
          {actor.kind === "anonymous" && "not logged in, "}
          {viaWords(via)}
        </span>
      </td>
      <td class="cell-wrap">
        <span title={action}>{actionWords(record)}</span>
        {reason !== "" && <p class="audit-reason">{reason}</p>}
        <Detail record={record} />
      </td>
      <td class="audit-target">
        <Target target={record.target} />
      </td>
      <td>
        <Badge
          tone={isRefused ? "warn" : "ok"}
          glyph={isRefused ? "cross" : "check"}
        >
          {isRefused ? "Refused" : "Done"}
        </Badge>
      </td>
      <td
        class="cell-num"
        title={record.hash === null
          ? "From before the chain; sealed by its first entry"
          : `Hash ${record.hash}`}
      >
        {record.stream} {formatCount(record.n)}
      </td>
    </tr>
  );
}

function Target({ target }: { target: string }) {
  return AGENT_ID.test(target)
    ? <a href={`/agents/${target}`}>{target}</a>
    : <span title={target}>{target}</span>;
}

/** Leads to everything that the same request caused. */
function RequestFact({ id }: { id: string }) {
  return (
    <div data-testid="audit-request">
      <dt>request</dt>
      <dd>
        <a href={`/audit?${new URLSearchParams({ requestId: id })}`}>{id}</a>
      </dd>
    </div>
  );
}

function Detail({ record }: { record: AuditRecord }) {
  const { changes, facts, left } = viewDetail(record.detail);
  const { requestId = null } = record;
  const isEmpty = changes.length === 0 && facts.length === 0;
  if (isEmpty && requestId === null) return null;
  return (
    <details class="audit-detail">
      <summary>
        {changes.length === 0
          ? "Details"
          : `${changes.length} ${changes.length === 1 ? "change" : "changes"}`}
      </summary>
      {changes.length > 0 && (
        <table class="audit-changes">
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ path, before, after }) => (
              <tr key={path}>
                <th scope="row">{path}</th>
                <td>{before === null ? "—" : <del>{before}</del>}</td>
                <td>{after === null ? "—" : <ins>{after}</ins>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {(facts.length > 0 || requestId !== null) && (
        <dl class="audit-facts">
          {requestId !== null && <RequestFact id={requestId} />}
          {facts.map(({ path, value }) => (
            <div key={path}>
              <dt>{path}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {left > 0 && (
        <p class="muted">{formatCount(left)} more values are in the export</p>
      )}
    </details>
  );
}
