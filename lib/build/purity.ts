/** Names that pure layers must not mention: time, chance, I/O. */
export const IMPURE_GLOBALS = [
  "Date",
  "Deno",
  "fetch",
  "setTimeout",
  "setInterval",
  "queueMicrotask",
  "performance",
  "crypto",
  "console",
  "localStorage",
  "WebSocket",
  "Worker",
] as const;

/** Folders that must be pure. */
export const PURE_FOLDERS = ["agents", "lib/core"] as const;
