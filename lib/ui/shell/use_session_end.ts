import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { noteUse, sessionEnd, WARN_MS } from "../client/session.ts";

/** What a page knows of its login. */
export interface LoginTimes {
  /** The latest end, in epoch milliseconds. */
  expiresAt: number;
  /** It ends earlier when nobody uses it for so long. */
  idleMs: number;
}

/** How long the login lasts while that is worth a warning; null before. */
export interface EndingLogin {
  leftMs: number;
  canStay: boolean;
}

/** Looks at the clock: seldom at first, every second once the end is near. */
export function useSessionEnd(
  login: LoginTimes | null,
): Signal<EndingLogin | null> {
  const ending = useSignal<EndingLogin | null>(null);
  useEffect(() => {
    if (login === null) return;
    // The page itself was a use.
    noteUse(Date.now());
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      const { at, canStay } = sessionEnd(login);
      const leftMs = at - Date.now();
      ending.value = leftMs <= WARN_MS ? { leftMs, canStay } : null;
      // Also where it has ended: a login in another tab is a use.
      const nextMs = leftMs <= WARN_MS
        ? 1_000
        : Math.min(leftMs - WARN_MS, 30_000);
      timer = setTimeout(look, nextMs);
    };
    look();
    return () => clearTimeout(timer);
  }, []);
  return ending;
}
