/**
 * Whether the server may send to an address at all: before a channel is made,
 * and again before each message.
 *
 * @module
 */
import { isLoopback } from "./address.ts";

/** Where a message goes. */
export interface Target {
  hostname: string;
  port: number;
  isEncrypted: boolean;
  /** It leads to this machine, which the operator has allowed by naming it. */
  isLoopbackAllowed: boolean;
  /** Path and query; may hold secrets. */
  path: string;
}

/**
 * Reads a webhook's address.
 *
 * @param hosts What the operator listed, as `host:port`.
 * @returns The target, or a sentence: why nothing may be sent there.
 */
export function targetOf(
  address: string,
  hosts: readonly string[],
): Target | string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return "This is no address; enter one that begins with https://";
  }
  if (url.username !== "" || url.password !== "") {
    return "Name and password in an address are not sent; leave them out";
  }
  const isEncrypted = url.protocol === "https:";
  const port = url.port === "" ? (isEncrypted ? 443 : 80) : Number(url.port);
  const isNamed = hosts.includes(`${url.hostname}:${port}`);
  if (!isNamed) {
    return `This server may not send to ${url.hostname}:${port}; whoever runs it adds the host to ALERT_HOSTS`;
  }
  const isLoopbackAllowed = isLoopbackName(url.hostname);
  if (!isEncrypted && !isLoopbackAllowed) {
    return "Alerts leave this machine encrypted only; enter an address that begins with https://";
  }
  return {
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port,
    isEncrypted,
    isLoopbackAllowed,
    path: url.pathname + url.search,
  };
}

/** Whether a host of the list is this machine by its name. */
export function isLoopbackName(hostname: string): boolean {
  return hostname === "localhost" || isLoopback(hostname);
}
