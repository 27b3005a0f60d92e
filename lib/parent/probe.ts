import type { Env } from "../core/env.ts";
import { PROBE_DEADLINE_MS } from "./limits.ts";

const REQUEST = new TextEncoder().encode(
  "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
);

/** Addresses by which a host that listens on `HOST` is reached over loopback. */
const LOOPBACK: Readonly<Record<string, string>> = {
  "127.0.0.1": "127.0.0.1",
  "0.0.0.0": "127.0.0.1",
  "localhost": "localhost",
  "::1": "::1",
  "::": "::1",
};

/**
 * A probe of the host's liveness over loopback, or null where it does not
 * listen there or on a port that only it knows. It speaks HTTP by itself:
 * `fetch` would ask a proxy of the environment, and keep the connection open.
 */
export function createProbe(
  env: Pick<Env, "HOST" | "PORT">,
): (() => Promise<boolean>) | null {
  const hostname = LOOPBACK[env.HOST];
  if (hostname === undefined || env.PORT === 0) return null;
  return () => probe({ hostname, port: env.PORT });
}

async function probe(
  address: { hostname: string; port: number },
): Promise<boolean> {
  let connection: Deno.Conn | null = null;
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    connection?.close();
  }, PROBE_DEADLINE_MS);
  try {
    const opened = await Deno.connect(address);
    connection = opened;
    if (isLate) return false;
    await opened.write(REQUEST);
    const answer = new Uint8Array(64);
    const length = await opened.read(answer) ?? 0;
    return new TextDecoder().decode(answer.subarray(0, length))
      .startsWith("HTTP/1.1 200 ");
  } catch {
    // Refused, reset, or closed at the deadline: no sign of life.
    return false;
  } finally {
    clearTimeout(deadline);
    close(connection);
  }
}

function close(connection: Deno.Conn | null): void {
  try {
    connection?.close();
  } catch {
    // The deadline has closed it.
  }
}
