import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { LogEntry } from "../../contracts/log.ts";
import { formatCount, formatTime } from "../format.ts";
import { MAX_LINES } from "./log_buffer.ts";
import type { LogFeed } from "./log_feed.ts";
import { LogDetail, LogRow } from "./LogRow.tsx";
import { LogFailure, LogVoid } from "./LogVoid.tsx";
import {
  ROW_PX,
  rowsAbove,
  useVirtualRows,
  type VirtualView,
} from "./virtual_rows.ts";

const ANNOUNCE_EVERY_MS = 15_000;
/** Distance from the end that still counts as being at the end. */
const END_PX = ROW_PX * 1.5;
/** Room that one more page of older lines needs. */
const ROOM_LINES = 200;

/** The lines of a log view, drawn only where they are seen; follows the end until somebody scrolls up. */
export function LogList(
  { feed, withAgent, onOlder, onClear }: {
    feed: LogFeed;
    withAgent: boolean;
    /** Asked for a view that leaves nothing out. */
    onClear: () => void;
    /** Asked for the lines before the first of a full list. */
    onOlder: (first: LogEntry) => void;
  },
) {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useSignal(true);
  const opened = useSignal<number | null>(null);
  const lines = feed.lines.value;
  const wraps = feed.wraps.value;
  const view = useVirtualRows({ scroller, lines, wraps });
  useFollow({ scroller, feed, follows });

  const openedEntry = opened.value === null
    ? undefined
    : lines.find(({ seq }) => seq === opened.value);
  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    const fromEnd = element.scrollHeight - element.scrollTop -
      element.clientHeight;
    follows.value = fromEnd < END_PX;
    if (follows.value && !feed.paused.value) feed.unseen.value = 0;
    if (element.scrollTop < ROW_PX * 10) void feed.loadOlder();
  };
  return (
    <div class="log-view">
      <div
        class={`log-list${wraps ? " log-wraps" : ""}`}
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label="Log lines, oldest first"
        tabIndex={0}
        data-testid="log-list"
        onScroll={onScroll}
        onKeyDown={(event) => onListKey(event, feed, follows)}
      >
        <LogBody
          view={view}
          lines={lines}
          withAgent={withAgent}
          opened={opened.value}
          onToggle={(seq) => opened.value = opened.value === seq ? null : seq}
        />
        {lines.length === 0 && (
          <LogVoid feed={feed} withAgent={withAgent} onClear={onClear} />
        )}
      </div>
      {feed.unseen.value > 0 && (!follows.value || feed.paused.value) && (
        <button
          type="button"
          class="log-new"
          data-testid="log-new"
          onClick={() => {
            feed.setPaused(false);
            follows.value = true;
            feed.unseen.value = 0;
          }}
        >
          {formatCount(feed.unseen.value)} new <span aria-hidden="true">↓</span>
        </button>
      )}
      {openedEntry !== undefined && (
        <LogDetail
          entry={openedEntry}
          onClose={() => opened.value = null}
        />
      )}
      {lines.length > 0 && feed.failure.value !== null && (
        <LogFailure feed={feed} />
      )}
      <LogStatus feed={feed} onOlder={onOlder} />
    </div>
  );
}

/** Before the browser has measured anything (and without script) the newest lines are drawn plainly. */
const PLAIN_ROWS = 200;

function LogBody(
  { view, lines, withAgent, opened, onToggle }: {
    view: VirtualView | null;
    lines: readonly LogEntry[];
    withAgent: boolean;
    opened: number | null;
    onToggle: (seq: number) => void;
  },
) {
  const row = (
    entry: LogEntry,
    canOpen: boolean,
    place: { index?: number; measure?: VirtualView["measure"] } = {},
  ) => (
    <LogRow
      key={entry.seq}
      entry={entry}
      withAgent={withAgent}
      isOpen={opened === entry.seq}
      onToggle={canOpen ? () => onToggle(entry.seq) : null}
      {...place}
    />
  );
  if (view === null) {
    return <>{lines.slice(-PLAIN_ROWS).map((entry) => row(entry, false))}</>;
  }
  const { items, totalPx, measure } = view;
  const first = items[0];
  const last = items.at(-1);
  return (
    <>
      <Spacer px={first?.start ?? 0} />
      {items.flatMap(({ index }) => {
        const entry = lines[index];
        return entry === undefined
          ? []
          : [row(entry, true, { index, measure })];
      })}
      <Spacer px={last === undefined ? 0 : totalPx - last.end} />
    </>
  );
}

/** Stands for the rows that are not drawn. Its height goes through CSSOM, which the page's policy allows. */
function Spacer({ px }: { px: number }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    ref.current?.style.setProperty("height", `${px}px`);
  }, [px]);
  return <div ref={ref} aria-hidden="true" />;
}

function useFollow(
  { scroller, feed, follows }: {
    scroller: { current: HTMLDivElement | null };
    feed: LogFeed;
    follows: { value: boolean };
  },
): void {
  const lines = feed.lines.value;
  const known = useRef(lines);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const moved = follows.value ? 0 : rowsAbove(known.current, lines);
    known.current = lines;
    // Lines that come or go above must not move what is being read.
    if (moved !== 0) element.scrollTop += moved * ROW_PX;
    if (follows.value && !feed.paused.value) {
      element.scrollTop = element.scrollHeight;
      feed.unseen.value = 0;
    }
  }, [lines, follows.value, feed.paused.value]);
}

function onListKey(
  event: KeyboardEvent,
  feed: LogFeed,
  follows: { value: boolean },
): void {
  if (event.target instanceof HTMLButtonElement) return;
  if (event.key === " ") feed.setPaused(!feed.paused.value);
  else if (event.key === "End") {
    feed.setPaused(false);
    follows.value = true;
  } else return;
  event.preventDefault();
}

/** A count for everybody, told to screen readers every 15 seconds only. */
function LogStatus(
  { feed, onOlder }: { feed: LogFeed; onOlder: (first: LogEntry) => void },
) {
  const first = feed.lines.value[0];
  const isFull = feed.isTrimmed.value ||
    feed.lines.value.length > MAX_LINES - ROOM_LINES;
  const announced = useSignal("");
  useEffect(() => {
    const timer = setInterval(() => {
      announced.value = `${formatCount(feed.lines.peek().length)} log lines`;
    }, ANNOUNCE_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="log-status">
      <span>{formatCount(feed.lines.value.length)} lines</span>
      {feed.paused.value && <span class="tone-warn">Paused</span>}
      {feed.loading.value && <span>Loading…</span>}
      {isFull && first !== undefined && (
        <span>
          No more are kept here.{" "}
          <button
            type="button"
            class="link"
            data-testid="log-older"
            onClick={() => onOlder(first)}
          >
            Show the lines before {formatTime(first.at)}
          </button>
        </span>
      )}
      {feed.cursor.value === null && !isFull && first !== undefined && (
        <span>This is the beginning of the log</span>
      )}
      <span class="sr-only" role="status">{announced.value}</span>
    </p>
  );
}
