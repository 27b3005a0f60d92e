import { refusalOfAddress } from "./address.ts";
import type { Target } from "./target.ts";

/** A connection was refused by our own rules. */
export class AddressRefused extends Error {
  override name = "AddressRefused";
}

/**
 * Connects, and looks at whom it is connected to before the first byte is
 * sent. The name is looked up once, by the system, for this very connection; so
 * there is no second look-up that could answer something else (DNS rebinding).
 *
 * @throws {AddressRefused} if the peer is not of the public internet.
 */
export async function connectGuarded(
  { hostname, port, isEncrypted, isLoopbackAllowed }: Target,
  options: {
    /** Roots to trust besides the system's, for tests. */
    caCerts?: readonly string[];
    signal: AbortSignal;
  },
): Promise<Deno.Conn> {
  const connection = await Deno.connect({
    hostname,
    port,
    signal: options.signal,
  });
  const close = () => closeQuietly(connection);
  try {
    const { hostname: peer } = connection.remoteAddr as Deno.NetAddr;
    const refusal = refusalOfAddress(peer);
    const isOwn = refusal !== null && isLoopbackAllowed &&
      refusalOfAddress(peer) === refusalOfAddress("127.0.0.1");
    if (refusal !== null && !isOwn) {
      throw new AddressRefused(
        `"${hostname}" leads to ${peer}, which ${refusal}; alerts go to public addresses only`,
      );
    }
    if (!isEncrypted) return connection;
    const { caCerts = [] } = options;
    const secure = await Deno.startTls(connection, {
      hostname,
      caCerts: [...caCerts],
    });
    options.signal.addEventListener("abort", () => closeQuietly(secure), {
      once: true,
    });
    await secure.handshake();
    return secure;
  } catch (error) {
    close();
    throw error;
  }
}

/** Closes what may be closed already. */
export function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is.
  }
}
