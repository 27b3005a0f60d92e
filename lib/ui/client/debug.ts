/**
 * Debug output in the browser's console, switched on by
 * `localStorage.setItem("debug", "smc:*")` (or one name such as `smc:stream`).
 *
 * @module
 */

/** Whether the setting `pattern` switches `name` on. Exported for tests. */
export function isDebugOn(pattern: string | null, name: string): boolean {
  if (pattern === null) return false;
  return pattern.split(/[\s,]+/).some((part) =>
    part.endsWith("*")
      ? part.length > 0 && name.startsWith(part.slice(0, -1))
      : part === name
  );
}

/** A logger that is silent unless `localStorage.debug` names it. */
export function debugLogger(name: string): (...details: unknown[]) => void {
  let pattern: string | null = null;
  try {
    pattern = globalThis.localStorage?.getItem("debug") ?? null;
  } catch {
    // Storage may be forbidden; then there is no debug output.
  }
  if (!isDebugOn(pattern, name)) return () => {};
  // deno-lint-ignore no-console
  return (...details) => console.debug(`[${name}]`, ...details);
}
