import { isSortKey, type Sort } from "./sorting.ts";

/** What the address of the fleet page says. */
export interface FleetPlace {
  filter: string;
  sort: Sort;
  /** Page of a long table, from 1; only without script. */
  page?: number;
}

/** The address of the fleet page in a state; what is as at first is left out. */
export function fleetHref({ filter, sort, page = 1 }: FleetPlace): string {
  const query = new URLSearchParams();
  if (filter !== "") query.set("q", filter);
  if (sort.key !== "name" || sort.descending) {
    query.set("sort", sort.descending ? `-${sort.key}` : sort.key);
  }
  if (page > 1) query.set("page", String(page));
  return query.size === 0 ? "/" : `/?${query}`;
}

/** What an address says; what it says wrongly is as at first. */
export function readFleetPlace(query: URLSearchParams): Required<FleetPlace> {
  const text = query.get("sort") ?? "";
  const key = text.replace(/^-/, "");
  const page = Number(query.get("page") ?? "1");
  return {
    filter: query.get("q") ?? "",
    sort: isSortKey(key)
      ? { key, descending: text.startsWith("-") }
      : { key: "name", descending: false },
    page: Number.isInteger(page) && page > 0 && page < 1_000 ? page : 1,
  };
}
