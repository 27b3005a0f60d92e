/** Finds the item that was registered for a method and a URL path. */
import { HttpError } from "../app/http_error.ts";
import type { Method } from "../app/handlers.ts";

/** The outcome of a look-up. */
export interface Match<T> {
  /** Null when no pattern matches, or none for this method. */
  readonly item: T | null;
  /** Whether a pattern matches the path, for whatever method. */
  readonly isKnownPath: boolean;
  readonly params: Record<string, string>;
}

interface DynamicEntry<T> {
  /** What every path that matches begins with; looked at first, for it is far cheaper than the pattern. */
  readonly prefix: string;
  readonly pattern: URLPattern;
  readonly methods: Map<string, T>;
}

/**
 * Static paths come first, whatever the order of registration, and match with a
 * slash more or less at the end. Patterns follow in order of registration. HEAD
 * falls back to GET.
 */
export class Router<T> {
  readonly #static = new Map<string, Map<string, T>>();
  readonly #dynamic = new Map<string, DynamicEntry<T>>();

  /** Registers `item`; the first registration of a method and a path stays. */
  add(method: Method, path: string, item: T): void {
    const methods = this.#methodsOf(path);
    if (!methods.has(method)) methods.set(method, item);
  }

  /**
   * Looks up `pathname`.
   *
   * @throws {HttpError} 400 when a parameter is not valid percent-encoding.
   */
  match(method: string, pathname: string): Match<T> {
    const methods = this.#static.get(pathname) ??
      this.#static.get(toggleSlash(pathname));
    if (methods !== undefined) {
      return { item: pick(methods, method), isKnownPath: true, params: {} };
    }
    let isKnownPath = false;
    for (const entry of this.#dynamic.values()) {
      if (!pathname.startsWith(entry.prefix)) continue;
      const result = entry.pattern.exec({ pathname });
      if (result === null) continue;
      isKnownPath = true;
      const item = pick(entry.methods, method);
      if (item !== null) {
        return { item, isKnownPath, params: decode(result.pathname.groups) };
      }
    }
    return { item: null, isKnownPath, params: {} };
  }

  #methodsOf(path: string): Map<string, T> {
    const known = this.#static.get(path) ?? this.#dynamic.get(path)?.methods;
    if (known !== undefined) return known;
    const methods = new Map<string, T>();
    if (/[:*{}()+?\\]/.test(path)) {
      this.#dynamic.set(path, {
        prefix: literalPrefix(path),
        pattern: new URLPattern({ pathname: path }),
        methods,
      });
    } else {
      this.#static.set(path, methods);
    }
    return methods;
  }
}

/**
 * The whole segments before the first part of a pattern that is not literal. A
 * parameter may make its own slash optional, so the slash before it is not
 * counted, nor is what URLs may write in another way.
 */
function literalPrefix(path: string): string {
  const plain = /^(?:\/[A-Za-z0-9._-]+)*(?=\/)/.exec(path);
  return plain?.[0] ?? "";
}

function pick<T>(methods: Map<string, T>, method: string): T | null {
  return methods.get(method) ??
    (method === "HEAD" ? methods.get("GET") : undefined) ?? null;
}

function toggleSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
}

/**
 * Decodes like a whole URL: an encoded slash stays encoded, so that it cannot
 * be mistaken.
 */
function decode(
  groups: Record<string, string | undefined>,
): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(groups).map((
        [name, value],
      ) => [name, decodeURI(value ?? "")]),
    );
  } catch (cause) {
    throw new HttpError(400, "Malformed URL", { cause });
  }
}
