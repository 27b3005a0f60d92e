import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ApiPage } from "../client/api_client.ts";
import { type Failure, failureOf } from "../client/failure.ts";
import { onceSeen } from "../client/seen.ts";

/** A list that is read page by page, and fails alone. */
export interface Pages<T> {
  /** All pages that were read, as one; null before the first. */
  page: Signal<ApiPage<T> | null>;
  failure: Signal<Failure | null>;
  isBusy: Signal<boolean>;
  hasMore: boolean;
  /** Somebody has gone on to older entries, which a look at the newest ones would take away. */
  isDeep: Signal<boolean>;
  /** Reads the first page anew. */
  reload(): Promise<void>;
  /** Reads one more page. */
  more(): Promise<void>;
}

/** Reads a list when it is first shown, unless the server painted it. */
export function usePages<T>(
  start: ApiPage<T> | null,
  read: (cursor: string | null) => Promise<ApiPage<T>>,
): Pages<T> {
  const page = useSignal(start);
  const failure = useSignal<Failure | null>(null);
  const isBusy = useSignal(false);
  const isDeep = useSignal(false);
  const ask = async (cursor: string | null) => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    try {
      const next = await read(cursor);
      const known = cursor === null ? [] : page.peek()?.items ?? [];
      page.value = { ...next, items: [...known, ...next.items] };
      isDeep.value = cursor !== null;
      failure.value = null;
    } catch (error) {
      failure.value = failureOf(error);
    } finally {
      isBusy.value = false;
    }
  };
  useEffect(() => {
    if (page.peek() === null) void ask(null);
  }, []);
  const next = page.value?.nextCursor ?? null;
  return {
    page,
    failure,
    isBusy,
    hasMore: next !== null,
    isDeep,
    reload: () => ask(null),
    more: () => ask(next),
  };
}

/** Least distance of two looks for newer entries. */
const NEWER_EVERY_MS = 2_000;

/**
 * Reads the first page anew when `sign` has changed, at most every two seconds,
 * and only while nobody has gone on to older entries.
 */
export function useNewer<T>(pages: Pages<T>, sign: number): void {
  const lookedAt = useSignal(0);
  useEffect(() => {
    if (pages.isDeep.peek() || pages.page.peek() === null) return;
    return onceSeen(() => {
      // Older entries may have come since.
      if (pages.isDeep.peek()) return;
      lookedAt.value = Date.now();
      void pages.reload();
    }, { afterMs: Math.max(0, lookedAt.peek() + NEWER_EVERY_MS - Date.now()) });
  }, [sign]);
}
