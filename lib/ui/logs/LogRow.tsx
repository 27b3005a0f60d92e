import type { LogEntry } from "../../contracts/log.ts";
import { formatDateTime, formatTimeMs, zoneName } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { CATEGORY_WORDS, LEVEL_WORDS } from "../words.ts";

/** One line of a log: 24 px unless it wraps, opens to its data. */
export function LogRow(
  { entry, withAgent, isOpen, onToggle, index, measure }: {
    entry: LogEntry;
    withAgent: boolean;
    isOpen: boolean;
    onToggle: (() => void) | null;
    /** Place in a virtual list, which measures the row by it. */
    index?: number;
    measure?: (row: Element | null) => void;
  },
) {
  const level = LEVEL_WORDS[entry.level];
  return (
    <div
      class={`log-row log-${entry.level}${isOpen ? " log-open" : ""}`}
      data-testid="log-row"
      data-seq={entry.seq}
      data-index={index}
      ref={measure ?? null}
    >
      <time title={`${formatDateTime(entry.at)} ${zoneName()}`}>
        {formatTimeMs(entry.at)}
      </time>
      <span class={`log-level tone-${level.tone}`}>
        <Glyph name={level.glyph} /> {level.word}
      </span>
      <span class="log-category">{CATEGORY_WORDS[entry.category]}</span>
      {withAgent && (
        <span class="log-agent" title={entry.agentName ?? "The platform"}>
          {entry.agentName ?? "platform"}
        </span>
      )}
      {onToggle === null
        ? <span class="log-message" title={entry.message}>{entry.message}</span>
        : (
          <button
            type="button"
            class="log-message"
            title={entry.message}
            aria-expanded={isOpen ? "true" : "false"}
            onClick={onToggle}
          >
            {entry.message}
          </button>
        )}
    </div>
  );
}

/** The whole of a line, for the panel below the list. */
export function LogDetail(
  { entry, onClose }: { entry: LogEntry; onClose: () => void },
) {
  const text = JSON.stringify(entry, null, 2);
  return (
    <section class="log-detail" aria-label="Log line" data-testid="log-detail">
      <header>
        <h3>{formatDateTime(entry.at)} {zoneName()}</h3>
        {entry.marketAt !== null && (
          <span class="muted">
            market time {formatDateTime(entry.marketAt)}
          </span>
        )}
        <button
          type="button"
          class="btn btn-default btn-small"
          onClick={() =>
            void navigator.clipboard?.writeText(text)}
        >
          Copy
        </button>
        <button
          type="button"
          class="btn btn-quiet btn-icon"
          aria-label="Close"
          onClick={onClose}
        >
          <Glyph name="cross" />
        </button>
      </header>
      <p>{entry.message}</p>
      <pre class="json" tabIndex={0}>{text}</pre>
    </section>
  );
}
