import { useSignal } from "@preact/signals";
import type { LogEntry } from "../../contracts/log.ts";
import { Button } from "../Button.tsx";
import type { ApiPage } from "../client/api_client.ts";
import { type Failure, failureOf } from "../client/failure.ts";
import { api } from "../client/live.ts";
import { formatDateTime } from "../format.ts";
import { PanelFailure } from "./PageState.tsx";

/** Decisions that the agent itself remembers no more, from its log, page by page. */
export function OlderDecisions(
  { agentId, before }: {
    agentId: string;
    /** Market time of the oldest decision that is shown already; null for none. */
    before: number | null;
  },
) {
  const page = useSignal<ApiPage<LogEntry> | null>(null);
  const failure = useSignal<Failure | null>(null);
  const isBusy = useSignal(false);
  const more = async () => {
    isBusy.value = true;
    try {
      const known = page.peek();
      const query = new URLSearchParams({
        agentId,
        category: "decision",
        limit: "100",
        ...(known?.nextCursor ? { cursor: known.nextCursor } : {}),
      });
      const next = await api.logs(query);
      page.value = {
        items: [...known?.items ?? [], ...next.items],
        nextCursor: next.nextCursor,
      };
      failure.value = null;
    } catch (error) {
      failure.value = failureOf(error);
    } finally {
      isBusy.value = false;
    }
  };
  const lines = (page.value?.items ?? []).filter((line) =>
    reasonsOf(line).length > 0 &&
    (before === null || (line.marketAt ?? line.at) < before)
  );
  const hasMore = page.value === null || page.value.nextCursor !== null;
  return (
    <>
      {lines.length > 0 && (
        <ol class="decisions" aria-label="Older decisions">
          {lines.map((line) => <OldDecision key={line.seq} line={line} />)}
        </ol>
      )}
      {failure.value !== null && (
        <PanelFailure
          what="older decisions"
          failure={failure.value}
          busy={isBusy.value}
          onRetry={() => void more()}
        />
      )}
      {hasMore
        ? (
          <p class="needs-script">
            <Button
              busy={isBusy.value}
              data-testid="older-decisions"
              onClick={() => void more()}
            >
              Older decisions
            </Button>
          </p>
        )
        : lines.length === 0 && <p class="muted">There is no older one.</p>}
    </>
  );
}

function OldDecision({ line }: { line: LogEntry }) {
  return (
    <li class="decision">
      <header>
        <span>{line.message}</span>
        <time class="muted">{formatDateTime(line.marketAt ?? line.at)}</time>
      </header>
      <ul>
        {reasonsOf(line).map((reason) => <li key={reason}>{reason}</li>)}
      </ul>
    </li>
  );
}

function reasonsOf({ data }: LogEntry): readonly string[] {
  const reasons = data?.["reasons"];
  return Array.isArray(reasons) ? reasons.map(String) : [];
}
