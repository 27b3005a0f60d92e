import type { AuditFilter } from "../../contracts/audit_trail.ts";

/** Filters of the audit page: as texts, under the names of the API, so that a link, the export and a reload mean the same entries. */
export interface AuditFields {
  stream: string;
  outcome: string;
  actor: string;
  action: string;
  target: string;
  requestId: string;
  /** Days in UTC: `2026-09-01`, or "". */
  from: string;
  to: string;
}

/** A filter that lets everything through. */
export const NO_FIELDS: AuditFields = {
  stream: "",
  outcome: "",
  actor: "",
  action: "",
  target: "",
  requestId: "",
  from: "",
  to: "",
};

const NAMES = Object.keys(NO_FIELDS) as (keyof AuditFields)[];

/** Reads the fields from the query of the page; what cannot be meant is left out. */
export function readFields(query: URLSearchParams): AuditFields {
  const fields = { ...NO_FIELDS };
  for (const name of NAMES) {
    const value = (query.get(name) ?? "").slice(0, 100);
    if (isPossible(name, value)) fields[name] = value;
  }
  return fields;
}

/** Writes the fields as a query; empty ones are left out. */
export function toFieldQuery(fields: AuditFields): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of NAMES) {
    const value = fields[name].trim();
    if (value !== "") query.set(name, value);
  }
  return query;
}

/** The fields as the services take them, for the page that the server paints. */
export function toAuditFilter(fields: AuditFields): AuditFilter {
  const given = NAMES.map((name) => [name, fields[name].trim()] as const)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => [
      name,
      name === "from" || name === "to" ? Date.parse(value) : value,
    ]);
  return Object.fromEntries(given) as AuditFilter;
}

/** Tells whether nothing is filtered. */
export function isUnfiltered(fields: AuditFields): boolean {
  return NAMES.every((name) => fields[name].trim() === "");
}

function isPossible(name: keyof AuditFields, value: string): boolean {
  switch (name) {
    case "stream":
      return value === "commands" || value === "access";
    case "outcome":
      return value === "ok" || value === "refused";
    case "from":
    case "to":
      return /^\d{4}-\d\d-\d\d$/.test(value) &&
        Number.isFinite(Date.parse(value));
    default:
      return true;
  }
}
