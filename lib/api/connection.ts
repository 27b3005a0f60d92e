/**
 * What the server knows of the connection behind a request: whose address it is
 * and whether the browser's side of it is encrypted. Found once, at the front
 * door; everything behind asks here, so that no part has its own idea of it.
 *
 * @module
 */
import { BlockList, isIP } from "node:net";

/** The connection of one request. */
export interface Connection {
  /** Address of the client, without port; of the proxy where that is not to be believed. */
  address: string;
  /** The browser speaks TLS, with this server or with a trusted proxy. */
  isHttps: boolean;
}

/** Addresses whose `X-Forwarded-*` headers are believed. */
export interface TrustedProxies {
  has(address: string): boolean;
}

const known = new WeakMap<Request, Connection>();

/** Keeps what was found out; later calls of {@link connectionOf} give it. */
export function rememberConnection(
  request: Request,
  connection: Connection,
): void {
  known.set(request, connection);
}

/** What the front door found out, or null for a request that did not pass it. */
export function connectionOf(request: Request): Connection | null {
  return known.get(request) ?? null;
}

/** Makes the list of trusted proxies from addresses and CIDR blocks. */
export function createTrustedProxies(
  blocks: readonly string[],
): TrustedProxies {
  if (blocks.length === 0) return { has: () => false };
  const list = new BlockList();
  for (const block of blocks) {
    const [address = "", prefix] = block.split("/");
    const family = familyOf(address);
    if (family === null) throw new RangeError(`"${block}" is no address`);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return {
    has: (address) => {
      const family = familyOf(address);
      return family !== null && list.check(address, family);
    },
  };
}

/**
 * Reads the connection of a request. `X-Forwarded-For` counts from its right
 * end: every hop that is trusted vouches for the one before it, and the first
 * that is not trusted is the client. What stands further left was written by
 * the client and is worth nothing. The headers of a peer that is not trusted
 * are not looked at.
 */
export function readConnection(
  request: Request,
  { peer, proxies }: { peer: string; proxies: TrustedProxies },
): Connection {
  const { headers, url } = request;
  const isTls = url.startsWith("https:");
  if (!proxies.has(peer)) return { address: peer, isHttps: isTls };
  const said = headers.get("x-forwarded-proto")?.split(",").at(-1)?.trim();
  return {
    address: clientAddress(peer, { headers, proxies }),
    isHttps: isTls || said?.toLowerCase() === "https",
  };
}

function clientAddress(
  peer: string,
  { headers, proxies }: { headers: Headers; proxies: TrustedProxies },
): string {
  const hops = (headers.get("x-forwarded-for") ?? "").split(",");
  let address = peer;
  for (const hop of hops.toReversed()) {
    const given = withoutPort(hop.trim());
    // A hop that is no address ends what can be known.
    if (familyOf(given) === null) return address;
    address = given;
    if (!proxies.has(address)) return address;
  }
  return address;
}

/** `192.0.2.1:80` and `[2001:db8::1]:80` name an address with a port. */
function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]*)\](:\d+)?$/.exec(hop);
  if (bracketed !== null) return bracketed[1]!;
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop;
}

function familyOf(address: string): "ipv4" | "ipv6" | null {
  switch (isIP(address)) {
    case 4:
      return "ipv4";
    case 6:
      return "ipv6";
    default:
      return null;
  }
}
