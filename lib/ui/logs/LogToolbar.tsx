import { Button } from "../Button.tsx";
import { CATEGORY_WORDS, keysOf } from "../words.ts";
import type { LogFeed } from "./log_feed.ts";
import { LEVEL_CHOICES, type LogFilter, toQuery } from "./log_filter.ts";
import type { LogAgent } from "./log_qualifiers.ts";
import { LogRangeFields } from "./LogRangeFields.tsx";
import { saveWraps } from "./wrap_choice.ts";

export type { LogAgent };

const SEARCH_HINT =
  "Qualifiers: level:warning+ category:risk agent:NAME from:2026-09-01T12:00 to:… (UTC) — Enter applies them";

const CATEGORIES = keysOf(CATEGORY_WORDS);

/** Filters, pause and export of a log view. Without script it is a form that asks the server. */
export function LogToolbar(
  { feed, agents, onFilter, onQualifiers }: {
    feed: LogFeed;
    /** Null on an agent's own page. */
    agents: readonly LogAgent[] | null;
    onFilter: (change: Partial<LogFilter>) => void;
    /** The text is finished: what it qualifies becomes part of the filter. */
    onQualifiers: () => void;
  },
) {
  const filter = feed.filter.value;
  return (
    <form
      class="toolbar log-toolbar"
      method="get"
      role="search"
      aria-label="Filter the log"
      onSubmit={(event) => {
        event.preventDefault();
        onQualifiers();
      }}
    >
      <SelectFilter
        label="Level"
        name="level"
        value={filter.levels.join(",")}
        options={LEVEL_CHOICES}
        onChange={(value) =>
          onFilter({
            levels: value.split(",").filter(Boolean) as LogFilter["levels"],
          })}
      />
      <SelectFilter
        label="Category"
        name="category"
        value={filter.categories.join(",")}
        options={[
          { value: "", label: "All categories" },
          ...CATEGORIES.map((value) => ({
            value: value as string,
            label: CATEGORY_WORDS[value],
          })),
        ]}
        onChange={(value) =>
          onFilter({
            categories: value.split(",").filter(
              Boolean,
            ) as LogFilter["categories"],
          })}
      />
      {agents !== null && (
        <SelectFilter
          label="Agent"
          name="agentId"
          value={filter.agentId ?? ""}
          options={agentOptions(agents, feed)}
          onChange={(value) =>
            onFilter({ agentId: value === "" ? null : value })}
        />
      )}
      <input
        class="input log-search"
        type="search"
        name="q"
        value={filter.text}
        maxLength={200}
        placeholder="Text, level:…"
        aria-label="Text in the message, or qualifiers"
        title={SEARCH_HINT}
        autocomplete="off"
        data-testid="log-filter-text"
        onInput={(event) => onFilter({ text: event.currentTarget.value })}
        onBlur={onQualifiers}
      />
      <LogRangeFields filter={filter} onFilter={onFilter} />
      <noscript>
        <button type="submit" class="btn btn-default">Filter</button>
      </noscript>
      <span class="toolbar-space" />
      <Button
        aria-pressed={feed.wraps.value ? "true" : "false"}
        hint="Long lines go on below instead of being cut"
        data-testid="log-wrap"
        onClick={() => {
          feed.wraps.value = !feed.wraps.value;
          saveWraps(localStorage, feed.wraps.value);
        }}
      >
        Wrap
      </Button>
      <Button
        aria-pressed={feed.paused.value ? "true" : "false"}
        hint="Space pauses while the list has the focus; End goes to the newest line"
        data-testid="log-pause"
        onClick={() => feed.setPaused(!feed.paused.value)}
      >
        {feed.paused.value ? "Go on" : "Pause"}
      </Button>
      <ExportLinks filter={filter} />
    </form>
  );
}

function agentOptions(agents: readonly LogAgent[], feed: LogFeed) {
  const chosen = feed.filter.value.agentId;
  const options = [
    { value: "", label: "All agents" },
    ...agents.map(({ id, name }) => ({ value: id, label: name })),
  ];
  // Lines outlive their agent, so a link may name one that is gone.
  const isKnown = chosen === null || agents.some(({ id }) => id === chosen);
  if (isKnown) return options;
  const line = feed.lines.value.find(({ agentId }) => agentId === chosen);
  const name = line?.agentName ?? chosen;
  return [...options, { value: chosen, label: `${name} (removed)` }];
}

function SelectFilter(
  { label, name, value, options, onChange }: {
    label: string;
    name: string;
    value: string;
    options: readonly { value: string; label: string }[];
    onChange: (value: string) => void;
  },
) {
  const isListed = options.some((option) => option.value === value);
  return (
    <label class="toolbar-select">
      <span class="sr-only">{label}</span>
      <select
        class="select"
        name={name}
        value={value}
        data-testid={`log-filter-${name === "agentId" ? "agent" : name}`}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option
            key={option.value}
            value={option.value}
            selected={option.value === value}
          >
            {option.label}
          </option>
        ))}
        {!isListed && <option value={value} selected>{value}</option>}
      </select>
    </label>
  );
}

function ExportLinks({ filter }: { filter: LogFilter }) {
  const href = (format: string) => {
    const query = toQuery(filter);
    query.set("format", format);
    return `/api/logs/export?${query}`;
  };
  return (
    <span
      class="export"
      role="group"
      aria-label="Export the lines that match the filter"
    >
      {["csv", "ndjson", "json"].map((format) => (
        <a
          key={format}
          class="btn btn-default"
          href={href(format)}
          download
          data-testid={`log-export-${format}`}
          title="Export the lines that match the filter"
        >
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  );
}
