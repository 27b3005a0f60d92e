import { useEffect, useMemo, useRef } from "preact/hooks";
import type { LogEntry } from "../lib/contracts/log.ts";
import { api, connection, isStale, joinLive } from "../lib/ui/client/live.ts";
import { beforePaint } from "../lib/ui/client/frame.ts";
import {
  absorbQualifiers,
  hasQualifier,
} from "../lib/ui/logs/log_qualifiers.ts";
import { LogFeed } from "../lib/ui/logs/log_feed.ts";
import {
  type LogFilter,
  NO_FILTER,
  toQuery,
} from "../lib/ui/logs/log_filter.ts";
import { LogList } from "../lib/ui/logs/LogList.tsx";
import { type LogAgent, LogToolbar } from "../lib/ui/logs/LogToolbar.tsx";
import { loadWraps } from "../lib/ui/logs/wrap_choice.ts";
import { StaleBanner } from "../lib/ui/StaleBanner.tsx";

/** What the server knows when it paints a log view. */
export interface RealTimeAgentLogsProps {
  /** Newest first. */
  entries: readonly LogEntry[];
  nextCursor: string | null;
  filter: LogFilter;
  /** Agents to choose from; null = one agent's own log, whose filter does not go to the URL. */
  agents: readonly LogAgent[] | null;
  headSeq: number;
  /** Topics of the page's stream; the first island that joins decides. */
  topics: readonly string[];
  /** The log could not be read when the page was made. */
  isUnread?: boolean;
  /** Shown later than the page was painted: what came in between is read again. */
  isLate?: boolean;
}

const TYPING_MS = 300;

/** A log that follows the stream, with filters, pause, older lines and export. */
export default function RealTimeAgentLogs(props: RealTimeAgentLogsProps) {
  const { agents, headSeq, topics, isLate = false } = props;
  const isOwnPage = agents !== null;
  const feed = useMemo(() => new LogFeed(props, { api, beforePaint }), []);
  useEffect(() => {
    const leave = joinLive({
      headSeq,
      topics,
      onEvent: (event) => feed.apply(event),
      refresh: () => feed.refresh(),
    });
    feed.wraps.value = loadWraps(localStorage);
    if (isLate) void feed.reload();
    return leave;
  }, []);

  const typing = useRef<ReturnType<typeof setTimeout>>();
  const apply = (filter: LogFilter, waitMs: number) => {
    feed.filter.value = filter;
    if (isOwnPage) keepInAddress(filter);
    typing.current = setTimeout(() => void feed.setFilter(filter), waitMs);
  };
  const onFilter = (change: Partial<LogFilter>) => {
    const filter = { ...feed.filter.value, ...change };
    clearTimeout(typing.current);
    if (change.text === undefined || change.text === "") apply(filter, 0);
    // A qualifier may still be in the making: Enter or leaving the field applies it.
    else if (hasQualifier(change.text)) feed.filter.value = filter;
    else apply(filter, TYPING_MS);
  };
  const onQualifiers = () => {
    const filter = feed.filter.value;
    if (!hasQualifier(filter.text)) return;
    clearTimeout(typing.current);
    apply(absorbQualifiers(filter, agents ?? []), 0);
  };
  return (
    <section
      class={isOwnPage && isStale(connection.value) ? "logs stale" : "logs"}
      data-testid="logs"
    >
      {isOwnPage && <StaleBanner />}
      <LogToolbar
        feed={feed}
        agents={agents}
        onFilter={onFilter}
        onQualifiers={onQualifiers}
      />
      <LogList
        feed={feed}
        withAgent={isOwnPage}
        onOlder={({ at }) => onFilter({ to: at })}
        onClear={() =>
          onFilter(
            isOwnPage
              ? NO_FILTER
              : { ...NO_FILTER, agentId: feed.filter.peek().agentId },
          )}
      />
    </section>
  );
}

/** A link, a reload and the export mean the same lines. */
function keepInAddress(filter: LogFilter): void {
  const query = toQuery(filter).toString();
  history.replaceState(
    null,
    "",
    query === "" ? location.pathname : `?${query}`,
  );
}
