import type { VenueId } from "../../contracts/venue.ts";
import { checkEndpoint } from "./endpoint.ts";
import { checkExchangeId, isStreaming } from "./library.ts";
import { dialectOf } from "./profiles.ts";

/**
 * Variables that a part of ccxt reads when it is loaded; what they say does not
 * matter. ccxt's own files need no permission to be read: they are packages.
 */
export const LIBRARY_VARIABLES = [
  "WS_NO_BUFFER_UTIL",
  "WS_NO_UTF_8_VALIDATE",
] as const;

/** What a worker needs that talks to one exchange; nothing else is allowed to it. */
export interface ExchangePermissions {
  env: string[];
  net: string[];
}

/**
 * The permissions of a worker that holds a gateway to `venue`.
 *
 * @throws {AppError} EXCHANGE_UNKNOWN or ENDPOINT_REFUSED.
 */
export async function exchangePermissions(
  venue: VenueId,
  options: { root: URL; endpoint: string | null },
): Promise<ExchangePermissions> {
  const { endpoint, root } = options;
  const net = endpoint === null
    ? await exchangeHosts(venue, root)
    : [new URL(checkEndpoint(endpoint)).host];
  return { env: [...LIBRARY_VARIABLES], net };
}

/**
 * Hosts of an exchange, of an unprofiled one as ccxt's files name them.
 *
 * @throws {AppError} EXCHANGE_UNKNOWN if there is no such exchange.
 */
export async function exchangeHosts(
  venue: VenueId,
  root: URL,
): Promise<string[]> {
  const { hosts, moduleId } = dialectOf(venue);
  return hosts === null ? await hostsInFiles(moduleId, root) : [...hosts];
}

async function hostsInFiles(id: string, root: URL): Promise<string[]> {
  const folder = new URL("node_modules/ccxt/js/src/", root);
  const files = [`${id}.js`, ...(isStreaming(id) ? [`pro/${id}.js`] : [])];
  const hosts = new Set<string>();
  let hostname = "";
  for (let index = 0; index < files.length; index++) {
    // deno-lint-ignore no-await-in-loop -- one file names the next
    const text = await Deno.readTextFile(new URL(files[index]!, folder));
    hostname ||= /'hostname': '([^']+)'/.exec(text)?.[1] ?? "";
    for (const parent of parentsIn(text)) {
      if (!files.includes(parent)) files.push(parent);
    }
    for (const host of hostsIn(text)) hosts.add(host);
  }
  return [...hosts].map((host) => host.replace("{hostname}", hostname)).sort();
}

/** An exchange that is another one by a different name has its addresses from there. */
function parentsIn(text: string): string[] {
  return [...text.matchAll(/from '\.\.?\/([a-z0-9]+)\.js'/g)].flatMap(
    ([, id]) => {
      try {
        checkExchangeId(id!);
        return [`${id}.js`];
      } catch {
        return [];
      }
    },
  );
}

/** Hosts of the addresses in every `'api'` block. */
function hostsIn(text: string): string[] {
  return [...text.matchAll(/'api': \{/g)].flatMap(({ index }) =>
    [...blockAt(text, index).matchAll(/\w+:\/\/([\w.{}:-]+)/g)].map((
      [, host],
    ) => host!)
  );
}

/** The text from the first brace after `index` to the one that closes it. */
function blockAt(text: string, index: number): string {
  const from = text.indexOf("{", index);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}") depth--;
    if (depth === 0) return text.slice(from, at);
  }
  return "";
}
