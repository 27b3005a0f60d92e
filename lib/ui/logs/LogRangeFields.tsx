import type { EpochMs } from "../../contracts/primitives.ts";
import { readLogTime } from "../../contracts/log_terms.ts";
import type { LogFilter } from "./log_filter.ts";

const FIELDS = [
  { name: "from", label: "From (UTC)", long: "From this time, in UTC" },
  { name: "to", label: "To (UTC)", long: "Up to this time, in UTC" },
] as const;

/**
 * The time range of a log view. It is in UTC, which the labels say: so are the
 * address, the export and `from:` in the text field, while the lines are shown
 * in the zone of the page.
 */
export function LogRangeFields(
  { filter, onFilter }: {
    filter: LogFilter;
    onFilter: (change: Partial<LogFilter>) => void;
  },
) {
  return (
    <>
      {FIELDS.map(({ name, label, long }) => (
        <label key={name} class="log-range">
          <span>{label}</span>
          <input
            class="input"
            type="datetime-local"
            step="1"
            name={name}
            title={long}
            value={fieldText(filter[name])}
            data-testid={`log-filter-${name}`}
            onChange={(event) =>
              onFilter({ [name]: readLogTime(event.currentTarget.value) })}
          />
        </label>
      ))}
    </>
  );
}

/** A time as the field holds it: without its zone, and no finer than it was given. */
function fieldText(at: EpochMs | null): string {
  return at === null
    ? ""
    : new Date(at).toISOString().replace(/(:00)?(\.000)?Z$/, "");
}
