import {
  type AnalyticsQuery,
  analyticsQuerySchema,
} from "../../contracts/analytics.ts";

/** What the form of the page says, as it was sent. */
export interface AnalyticsForm {
  mode: "paper" | "live";
  from: string;
  to: string;
  currency: string;
  /** Ids of agents and teams; none for all. */
  agents: readonly string[];
  /** By name of the field. */
  errors: Readonly<Record<string, string>>;
}

/** Reads the address of the page. A wrong field is named and left out of the question. */
export function readAnalyticsForm(
  params: URLSearchParams,
  timeZone: string,
): { form: AnalyticsForm; query: AnalyticsQuery } {
  const text = (name: string) => params.get(name)?.trim() ?? "";
  const agents = params.getAll("agents").flatMap((ids) => ids.split(","))
    .filter((id) => id !== "");
  const given: Record<string, string> = {
    timeZone,
    mode: text("mode") || "paper",
  };
  for (const name of ["from", "to", "currency"]) {
    if (text(name) !== "") given[name] = text(name);
  }
  if (agents.length > 0) given["agents"] = agents.join(",");
  const errors: Record<string, string> = {};
  let parsed = analyticsQuerySchema.safeParse(given);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const name = String(path[0] ?? "");
      errors[name] ??= message;
      delete given[name];
    }
    parsed = analyticsQuerySchema.safeParse(given);
  }
  const query = parsed.data ?? analyticsQuerySchema.parse({});
  if (
    query.from !== undefined && query.to !== undefined && query.from > query.to
  ) errors["to"] = "The last day is before the first one";
  return {
    form: {
      mode: query.mode,
      from: text("from"),
      to: text("to"),
      currency: query.currency ?? "",
      agents: query.agents ?? [],
      errors,
    },
    query,
  };
}

/** The address of the download with the same filters. */
export function exportHref(query: AnalyticsQuery): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.set(name, String(value));
  }
  return `/api/analytics/export?${params}`;
}
