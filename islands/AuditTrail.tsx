import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { AuditCheck, AuditRecord } from "../lib/contracts/audit_trail.ts";
import {
  type AuditFields,
  isUnfiltered,
  NO_FIELDS,
  toFieldQuery,
} from "../lib/ui/audit/audit_filter.ts";
import { AuditTable } from "../lib/ui/audit/AuditTable.tsx";
import { AuditToolbar } from "../lib/ui/audit/AuditToolbar.tsx";
import { ChainStatus } from "../lib/ui/audit/ChainStatus.tsx";
import { Button } from "../lib/ui/Button.tsx";
import { api, offlineReason } from "../lib/ui/client/live.ts";
import { Failed } from "../lib/ui/Failed.tsx";
import { EmptyState } from "../lib/ui/Feedback.tsx";

/** What the server knows when it paints the page. */
export interface AuditTrailProps {
  /** Newest first. */
  records: readonly AuditRecord[];
  nextCursor: string | null;
  fields: AuditFields;
  check: AuditCheck;
  /** Epoch milliseconds of the server. */
  now: number;
}

const TYPING_MS = 300;
const CHECK_EVERY_MS = 10_000;
const PAGE_ENTRIES = "50";

/** The audit trail: filters, entries, and whether the chain is whole. */
export default function AuditTrail(props: AuditTrailProps) {
  const records = useSignal(props.records);
  const cursor = useSignal(props.nextCursor);
  const fields = useSignal(props.fields);
  const isBusy = useSignal(false);
  /** What failed, and from where on it is to be asked again; null while nothing has. */
  const failure = useSignal<{ error: unknown; from: string | null } | null>(
    null,
  );
  const { check, now } = useCheck(props);
  const typing = useRef<ReturnType<typeof setTimeout>>();
  const asked = useRef(0);

  const load = async (from: string | null) => {
    const turn = ++asked.current;
    isBusy.value = true;
    const query = toFieldQuery(fields.value);
    query.set("limit", PAGE_ENTRIES);
    if (from !== null) query.set("cursor", from);
    try {
      const page = await api.audit(query);
      // What was typed meanwhile is asked for already.
      if (turn !== asked.current) return;
      records.value = from === null
        ? page.items
        : [...records.value, ...page.items];
      cursor.value = page.nextCursor;
      failure.value = null;
    } catch (error) {
      if (turn === asked.current) failure.value = { error, from };
    } finally {
      if (turn === asked.current) isBusy.value = false;
    }
  };
  const onFields = (change: Partial<AuditFields>) => {
    fields.value = { ...fields.value, ...change };
    const query = toFieldQuery(fields.value).toString();
    const url = query === "" ? location.pathname : `?${query}`;
    history.replaceState(null, "", url);
    clearTimeout(typing.current);
    typing.current = setTimeout(() => void load(null), TYPING_MS);
  };
  return (
    <section
      class={failure.value === null ? "audit" : "audit stale"}
      data-testid="audit"
      aria-busy={isBusy.value}
    >
      <ChainStatus check={check} now={now} />
      <AuditToolbar fields={fields.value} onFields={onFields} />
      {failure.value !== null && (
        <Failed
          title="The entries cannot be read"
          error={failure.value.error}
          busy={isBusy.value}
          onRetry={() => void load(failure.peek()?.from ?? null)}
        >
          {records.value.length > 0 && (
            <p class="muted">
              What is below was read before, and need not match the filter.
            </p>
          )}
        </Failed>
      )}
      {records.value.length > 0
        ? <AuditTable records={records.value} />
        : (
          <EmptyState
            title={cursor.value !== null
              ? "No match among the newest entries"
              : "No entry matches"}
          >
            {!isUnfiltered(fields.value) && (
              <Button onClick={() => onFields(NO_FIELDS)}>Show all</Button>
            )}
          </EmptyState>
        )}
      {cursor.value !== null && (
        <p class="page-more">
          <Button
            busy={isBusy.value}
            disabledReason={offlineReason()}
            data-testid="audit-older"
            onClick={() => void load(cursor.value)}
          >
            Older entries
          </Button>
        </p>
      )}
    </section>
  );
}

/** What the check says, asked for again and again while the page is seen. */
function useCheck(props: AuditTrailProps): { check: AuditCheck; now: number } {
  const check = useSignal(props.check);
  const now = useSignal(props.now);
  useEffect(() => {
    // The server's clock is the one that the check was made by.
    const ahead = props.now - Date.now();
    const tick = setInterval(() => now.value = Date.now() + ahead, 1_000);
    const ask = setInterval(() => {
      if (document.hidden) return;
      api.auditCheck().then((answer) => check.value = answer, () => {});
    }, CHECK_EVERY_MS);
    return () => {
      clearInterval(tick);
      clearInterval(ask);
    };
  }, []);
  return { check: check.value, now: now.value };
}
