/**
 * Views of the fleet that a person has saved in this browser: filter, order and
 * columns under a name. Pure but for the storage that is handed in.
 *
 * @module
 */
import { type ColumnId, readColumns } from "./columns.ts";
import { isSortKey, type Sort } from "./sorting.ts";

/** A saved view. */
export interface SavedView {
  name: string;
  filter: string;
  sort: Sort;
  columns: readonly ColumnId[];
}

/** Most views of one browser; saving one more is refused with a sentence. */
export const SAVED_VIEWS_MAX = 20;
/** Longest name of a view, in characters. */
export const VIEW_NAME_MAX = 40;

const VIEWS_KEY = "smc.fleet.views";
const COLUMNS_KEY = "smc.fleet.columns";

/** The part of a browser's storage that is used; it may refuse. */
export type TextStorage = Pick<Storage, "getItem" | "setItem">;

/** The views that are stored; what cannot be read is left out. */
export function loadViews(storage: TextStorage): readonly SavedView[] {
  const stored = read(storage, VIEWS_KEY);
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((one) => toView(one) ?? []).slice(0, SAVED_VIEWS_MAX);
}

/** Adds a view, or replaces the one of its name. The answer says why not, or null. */
export function saveView(
  storage: TextStorage,
  view: SavedView,
): string | null {
  if (view.name === "") return "Give the view a name";
  const others = loadViews(storage).filter(({ name }) => name !== view.name);
  if (others.length >= SAVED_VIEWS_MAX) {
    return `At most ${SAVED_VIEWS_MAX} views are kept; delete one first`;
  }
  return write(storage, VIEWS_KEY, [...others, view]);
}

/** Forgets a view. */
export function removeView(storage: TextStorage, name: string): void {
  write(
    storage,
    VIEWS_KEY,
    loadViews(storage).filter((view) => view.name !== name),
  );
}

/** The columns that this browser shows; null = nobody has chosen. */
export function loadColumns(storage: TextStorage): readonly ColumnId[] | null {
  return readColumns(read(storage, COLUMNS_KEY));
}

/** Keeps them. */
export function saveColumns(
  storage: TextStorage,
  columns: readonly ColumnId[],
): void {
  write(storage, COLUMNS_KEY, columns);
}

function toView(value: unknown): SavedView | null {
  if (typeof value !== "object" || value === null) return null;
  const { name, filter, sort, columns } = value as Record<string, unknown>;
  const known = readColumns(columns);
  const order = sort as Partial<Sort> | undefined;
  if (
    typeof name !== "string" || typeof filter !== "string" || known === null ||
    typeof order?.key !== "string" || !isSortKey(order.key)
  ) return null;
  return {
    name,
    filter,
    columns: known,
    sort: { key: order.key, descending: order.descending === true },
  };
}

function read(storage: TextStorage, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    // Storage may be switched off, or hold what another version wrote.
    return null;
  }
}

function write(
  storage: TextStorage,
  key: string,
  value: unknown,
): string | null {
  try {
    storage.setItem(key, JSON.stringify(value));
    return null;
  } catch {
    return "This browser does not let the page keep anything";
  }
}
