/** The runtime configuration of an `App`, as given and as resolved. */

/** Development turns caching off and live reload on. */
export type Mode = "development" | "production";

/** What a caller may configure. */
export interface FreshConfig {
  /** A prefix of every URL, for an app behind a path of a proxy. */
  basePath?: string;
  /** Production unless a `Builder` is listening. */
  mode?: Mode;
  /**
   * Trust `X-Forwarded-Proto` and `X-Forwarded-Host` when building `ctx.url`.
   */
  trustProxy?: boolean;
}

/** The configuration with every default filled in. */
export interface ResolvedFreshConfig {
  /** The directory of the project. */
  root: string;
  /**
   * The URL prefix without a trailing slash; empty when the app owns the
   * origin.
   */
  basePath: string;
  /** Whether the app serves a finished build or a developer. */
  mode: Mode;
  /** Whether forwarded headers decide the protocol and the host. */
  trustProxy: boolean;
}

/** Fills in the defaults of `config`. */
export function resolveConfig(config: FreshConfig): ResolvedFreshConfig {
  const trimmed = (config.basePath ?? "").replace(/^\/+|\/+$/g, "");
  return {
    root: Deno.cwd(),
    basePath: trimmed === "" ? "" : `/${trimmed}`,
    mode: config.mode ?? "production",
    trustProxy: config.trustProxy ?? false,
  };
}
