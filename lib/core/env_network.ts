/**
 * How the environment names the network around the server.
 *
 * @module
 */
import { isIP } from "node:net";

/**
 * Origins with commas between: scheme, host and port, nothing else.
 *
 * @throws {RangeError} With what was expected.
 */
export function origins(value: string): readonly string[] {
  if (value === "") return [];
  return value.split(",").map((part) => {
    const text = part.trim();
    const url = URL.canParse(text) ? new URL(text) : null;
    if (
      url === null || !/^https?:$/.test(url.protocol) || url.origin !== text
    ) {
      throw new RangeError(
        "origins with commas between, each https:// or http:// with a host in lower case and no path",
      );
    }
    return text;
  });
}

/** Where a socket is opened without a login when an address has no path of its own. */
const TICKET_PATH = "/api/socket/with-ticket";

/**
 * The address of a WebSocket, or an empty text. Without a path it gets the one
 * where sockets open by ticket. What a content security policy could take for
 * something else is refused.
 *
 * @throws {RangeError} With what was expected.
 */
export function socketAddress(value: string): string {
  if (value === "") return "";
  const url = URL.canParse(value) ? new URL(value) : null;
  const isSound = url !== null && /^wss?:$/.test(url.protocol) &&
    url.username === "" && url.password === "" && url.search === "" &&
    url.hash === "" && /^[a-z0-9.:[\]-]+$/.test(url.host) &&
    /^(\/[\w.~-]+)*\/?$/.test(url.pathname);
  if (!isSound) {
    throw new RangeError(
      "a wss:// or ws:// address without user, query and fragment",
    );
  }
  const path = url.pathname === "/" ? TICKET_PATH : url.pathname;
  return `${url.protocol}//${url.host}${path}`;
}

/**
 * Addresses and CIDR blocks with commas between.
 *
 * @throws {RangeError} With what was expected.
 */
export function addressBlocks(value: string): readonly string[] {
  if (value === "") return [];
  return value.split(",").map((part) => {
    const text = part.trim();
    const [address = "", prefix = null, ...rest] = text.split("/");
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6];
    const isBlock = prefix === null ||
      /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && Number(prefix) > 0;
    if (bits < 0 || !isBlock || rest.length > 0) {
      throw new RangeError("addresses or CIDR blocks with commas between");
    }
    return text;
  });
}

/** A name, an IPv4 address, or an IPv6 address in brackets; then perhaps a port. */
const HOST = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/;

/** Hosts with commas between, as `host:port`. */
export function hosts(value: string): readonly string[] {
  if (value === "") return [];
  const all = value.split(",").map((part) => {
    const [, host, port = "443"] = HOST.exec(part.trim().toLowerCase()) ?? [];
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
      throw new RangeError(
        "hosts with commas between, each a name and perhaps a port, without https:// and without *",
      );
    }
    return `${host}:${port}`;
  });
  return [...new Set(all)];
}
