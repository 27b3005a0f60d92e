import { signal } from "@preact/signals";
import { addNotice } from "./notices.ts";

/** A message that appears at the corner of the page. */
export interface Toast {
  id: number;
  tone: "ok" | "danger";
  text: string;
  detail: string | null;
}

const MAX_TOASTS = 5;
const TOAST_MS = 5_000;

/** Toasts of this page. Only islands write it, so on the server it stays empty. */
export const toasts = signal<readonly Toast[]>([]);
let nextId = 1;

/** Shows a toast: success goes after five seconds, an error stays until it is dismissed. */
export function showToast(
  tone: Toast["tone"],
  text: string,
  detail: string | null = null,
): void {
  const toast: Toast = { id: nextId++, tone, text, detail };
  toasts.value = [...toasts.value, toast].slice(-MAX_TOASTS);
  addNotice({ at: Date.now(), tone, text, detail });
  if (tone === "ok") scheduleDismissal(toast.id);
}

/** Takes a toast away. */
export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Whether the pointer or the focus is on the toasts; then none goes away. */
export const isHeld = signal(false);

function scheduleDismissal(id: number): void {
  setTimeout(() => {
    if (isHeld.value) scheduleDismissal(id);
    else dismissToast(id);
  }, TOAST_MS);
}
