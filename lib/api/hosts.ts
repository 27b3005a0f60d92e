/**
 * Which names a request may call this server by. A page of another site can
 * make its own name point to this machine (DNS rebinding); to the browser it is
 * then the same origin, and only the name in `Host` tells.
 *
 * @module
 */

/** Whether a host name is one of ours. */
export type HostCheck = (hostname: string) => boolean;

/** What the check is made of. */
export interface HostRules {
  /** Address that the server listens on. */
  listenAddress: string;
  /** Origins by which people reach it, such as `https://fleet.example`. */
  publicOrigins: readonly string[];
  /** Another address of it, where pages open their socket. */
  socketUrl?: string;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/;

/**
 * Makes the check. On loopback: names of this machine and the public ones. On
 * another address the same and any literal address, which no other site can
 * have as its name; without public origins every name, for none is known.
 */
export function createHostCheck(
  { listenAddress, publicOrigins, socketUrl }: HostRules,
): HostCheck {
  const names = new Set(
    publicOrigins.map((origin) => new URL(origin).hostname),
  );
  const isLocal = isLoopback(listenAddress);
  if (!isLocal && names.size === 0) return () => true;
  if (socketUrl !== undefined) names.add(new URL(socketUrl).hostname);
  return (hostname) =>
    LOOPBACK.test(hostname) || names.has(hostname) ||
    !isLocal && ADDRESS.test(hostname);
}

/** Whether nobody but this machine reaches an address to listen on. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address) || address === "::1";
}
