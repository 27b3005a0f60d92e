import type { AuditFields } from "./audit_filter.ts";
import { isUnfiltered, toFieldQuery } from "./audit_filter.ts";

const TEXTS = [
  { name: "actor", label: "Who" },
  { name: "action", label: "Action" },
  { name: "target", label: "Target" },
  { name: "requestId", label: "Request" },
] as const;

const DAYS = [
  { name: "from", label: "From (UTC)" },
  { name: "to", label: "Before (UTC)" },
] as const;

/** Filters and export of the audit trail. Without script it is a form that asks the server. */
export function AuditToolbar(
  { fields, onFields }: {
    fields: AuditFields;
    onFields: (change: Partial<AuditFields>) => void;
  },
) {
  return (
    <form
      class="toolbar audit-toolbar"
      method="get"
      role="search"
      aria-label="Filter the audit trail"
      onSubmit={(event) => event.preventDefault()}
    >
      <Choice
        name="stream"
        label="What"
        value={fields.stream}
        options={[
          ["", "Everything"],
          ["commands", "Commands"],
          ["access", "Access and refusals"],
        ]}
        onChange={(stream) => onFields({ stream })}
      />
      <Choice
        name="outcome"
        label="Outcome"
        value={fields.outcome}
        options={[["", "All outcomes"], ["ok", "Done"], ["refused", "Refused"]]}
        onChange={(outcome) => onFields({ outcome })}
      />
      {TEXTS.map(({ name, label }) => (
        <Text
          key={name}
          name={name}
          label={label}
          value={fields[name]}
          onInput={(value) => onFields({ [name]: value })}
        />
      ))}
      {DAYS.map(({ name, label }) => (
        <Day
          key={name}
          name={name}
          label={label}
          value={fields[name]}
          onInput={(value) => onFields({ [name]: value })}
        />
      ))}
      <noscript>
        <button type="submit" class="btn btn-default">Filter</button>
      </noscript>
      <span class="toolbar-space" />
      <Export fields={fields} />
    </form>
  );
}

function Export({ fields }: { fields: AuditFields }) {
  const isWhole = isUnfiltered(fields);
  const query = toFieldQuery(fields);
  return (
    <a
      class="btn btn-default"
      href={isWhole ? "/api/audit/export" : `/api/audit/export?${query}`}
      download
      data-testid="audit-export"
      title={isWhole
        ? "Every entry with its hashes and the signed checkpoints; deno task audit verify checks the file"
        : "Only the entries that match: such a file cannot be verified"}
    >
      {isWhole ? "Export all" : "Export these"}
    </a>
  );
}

function Choice(
  { name, label, value, options, onChange }: {
    name: string;
    label: string;
    value: string;
    options: readonly (readonly [string, string])[];
    onChange: (value: string) => void;
  },
) {
  return (
    <label class="toolbar-select">
      <span class="sr-only">{label}</span>
      <select
        class="select"
        name={name}
        value={value}
        data-testid={`audit-${name}`}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key} selected={key === value}>{text}</option>
        ))}
      </select>
    </label>
  );
}

function Text(
  { name, label, value, onInput }: {
    name: string;
    label: string;
    value: string;
    onInput: (value: string) => void;
  },
) {
  return (
    <input
      class="input audit-text"
      type="search"
      name={name}
      value={value}
      maxLength={100}
      placeholder={label}
      aria-label={label}
      autocomplete="off"
      data-testid={`audit-${name}`}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}

function Day(
  { name, label, value, onInput }: {
    name: string;
    label: string;
    value: string;
    onInput: (value: string) => void;
  },
) {
  return (
    <label class="audit-day">
      <span>{label}</span>
      <input
        class="input"
        type="date"
        name={name}
        value={value}
        data-testid={`audit-${name}`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}
