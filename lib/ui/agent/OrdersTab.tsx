import type { AgentDetail } from "../../contracts/agent.ts";
import type {
  DeskRecord,
  DeskRecordKind,
} from "../../contracts/desk_record.ts";
import { Unknown } from "../Amount.tsx";
import type { ApiPage } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { EmptyState } from "../Feedback.tsx";
import { formatDateTime, formatDay, formatTime, zoneName } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import type { PanelUser } from "../roles.ts";
import type { GlyphName, Tone } from "../words.ts";
import { OlderLink } from "./OlderLink.tsx";
import { OpenOrders } from "./OpenOrders.tsx";
import { PageState } from "./PageState.tsx";
import { useNewer, usePages } from "./pages.ts";

const KIND_WORDS: Readonly<
  Record<DeskRecordKind, { word: string; glyph: GlyphName; tone: Tone }>
> = {
  ordered: { word: "Ordered", glyph: "half", tone: "info" },
  changed: { word: "Changed", glyph: "restart", tone: "info" },
  denied: { word: "Denied", glyph: "cross", tone: "danger" },
  filled: { word: "Filled", glyph: "check", tone: "ok" },
  closed: { word: "Closed", glyph: "stop", tone: "muted" },
  trading_state: { word: "Trading", glyph: "warn", tone: "warn" },
};

/** Open orders, and what the desk did and denied, with what the codes mean. */
export function OrdersTab(
  { agent, user, start }: {
    agent: AgentDetail;
    user: PanelUser;
    /** What the server painted; null to ask for it. */
    start: ApiPage<DeskRecord> | null;
  },
) {
  const pages = usePages(start, (cursor) => api.orders(agent.id, cursor));
  useNewer(pages, agent.progress.seq);
  const records = pages.page.value?.items ?? null;
  return (
    <div data-testid="orders-panel" class="tab-stack">
      <OpenOrders agent={agent} user={user} />
      <h3>At the desk</h3>
      <PageState pages={pages} what="the orders" />
      {records !== null && records.length === 0 && !pages.hasMore && (
        <EmptyState title="Nothing was ordered yet" />
      )}
      {records !== null && records.length > 0 && (
        <RecordTable records={records} />
      )}
      <OlderLink pages={pages} tab="orders">Older entries</OlderLink>
    </div>
  );
}

function RecordTable({ records }: { records: readonly DeskRecord[] }) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="Desk record, scrollable"
    >
      <table class="table record-table" data-testid="orders-table">
        <caption class="sr-only">
          What was ordered, denied and filled, newest first; times of the market
        </caption>
        <thead>
          <tr>
            <th scope="col">Time ({zoneName()})</th>
            <th scope="col">What</th>
            <th scope="col">Details</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <RecordRow key={record.seq} record={record} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RecordRow({ record }: { record: DeskRecord }) {
  const { kind, message, denial, fill, reasons, intentId } = record;
  const { word, glyph, tone } = KIND_WORDS[kind];
  const at = record.marketAt ?? record.at;
  return (
    <tr data-kind={kind}>
      <th
        scope="row"
        title={`Written ${formatDateTime(record.at)} ${zoneName()}`}
      >
        {formatDay(at).slice(5)}
        <span class="record-note">{formatTime(at)}</span>
      </th>
      <td>
        <span class={`state tone-${tone}`}>
          <Glyph name={glyph} /> {word}
        </span>
      </td>
      <td class="cell-wrap">
        {message}
        {fill !== null && (
          <span class="record-note">
            {fill.liquidity} · fee {fill.fee}
          </span>
        )}
        {denial !== null && (
          <span class="record-note">
            <code title={denial.cause}>{denial.code}</code> {denial.meaning}.
          </span>
        )}
        {reasons.length > 0 && (
          <details class="disclosure record-note">
            <summary>Reasons</summary>
            <ul>
              {reasons.map((reason) => <li key={reason}>{reason}</li>)}
            </ul>
          </details>
        )}
        {intentId === null && kind === "filled" && (
          <Unknown reason="The entry does not say which decision it belongs to" />
        )}
      </td>
    </tr>
  );
}
