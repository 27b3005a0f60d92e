/**
 * What every request passes first, whatever it asks for: whose it is, by which
 * name it calls this server, how much it may send. And what every answer gets
 * last: its security headers, also on redirects, files and errors.
 *
 * @module
 */
import { withBodyLimit } from "../api/body_limit.ts";
import {
  type Connection,
  createTrustedProxies,
  readConnection,
  rememberConnection,
  type TrustedProxies,
} from "../api/connection.ts";
import { createHostCheck } from "../api/hosts.ts";
import { MAX_UNDERWAY_PER_ADDRESS } from "../api/limits.ts";
import { isHttps, type OriginOptions } from "../api/origin.ts";
import { problemResponse, toProblem } from "../api/problem.ts";
import { createSecurityHeaders } from "../api/security_headers.ts";
import { addressKey } from "../core/address_key.ts";
import type { Env } from "../core/env.ts";
import { AppError } from "../core/errors.ts";

/** Answers a request whose connection is known. */
type Next = (request: Request) => Promise<Response>;

/** Lets a request of a peer in, and answers by what is behind. */
export type FrontDoor = (
  request: Request,
  options: { peer: string; next: Next },
) => Promise<Response>;

/** Makes the front door of a server. */
export function createFrontDoor(
  { env, ids, logError }: {
    env: Pick<
      Env,
      | "HOST"
      | "PUBLIC_ORIGINS"
      | "TRUSTED_PROXIES"
      | "FLEET_ROLE"
      | "WEBSOCKET_URL"
    >;
    ids: (prefix: string) => string;
    /** Told of what nobody foresaw; the answer tells nothing of it. */
    logError: (message: string, error: unknown) => void;
  },
): FrontDoor {
  const proxies = createTrustedProxies(env.TRUSTED_PROXIES);
  const socketUrl = env.WEBSOCKET_URL === "" ? null : env.WEBSOCKET_URL;
  const addSecurityHeaders = createSecurityHeaders({ socketUrl });
  const isOurHost = createHostCheck({
    listenAddress: env.HOST,
    publicOrigins: env.PUBLIC_ORIGINS,
    ...(socketUrl === null ? {} : { socketUrl }),
  });
  const origins = { allowedOrigins: env.PUBLIC_ORIGINS };
  const underway = createUnderway();
  return async (request, { peer, next }) => {
    const url = urlOf(request);
    if (url === null) return addSecurityHeaders(noUrl(), NEITHER);
    const connection = connectionFor(request, { peer, proxies, origins });
    const isApi = /^\/api(\/|$)/.test(url.pathname);
    let response: Response;
    try {
      if (!isOurHost(url.hostname)) throw unknownHost(url.hostname);
      if (env.FLEET_ROLE === "host") refuseAllButVitals(url.pathname);
      response = await underway(
        connection,
        () => next(enter(request, connection)),
      );
    } catch (error) {
      if (!(error instanceof AppError)) {
        logError(`Cannot answer ${request.method} ${url.pathname}`, error);
      }
      response = refuse(error, { isApi, requestId: ids("req") });
    }
    return addSecurityHeaders(response, { isApi, isHttps: connection.isHttps });
  };
}

/** A host has no panel: fewer doors where the money is. @throws {AppError} NOT_FOUND */
function refuseAllButVitals(path: string): void {
  if (/^\/(api\/(health|metrics)|metrics)(\/|$)/.test(path)) return;
  throw new AppError(
    "NOT_FOUND",
    "This process runs agents and has no panel and no API; open those of a process with FLEET_ROLE=control or all",
    { status: 404 },
  );
}

/** What is found out of the connection; a public origin says as much of TLS as a proxy does. */
function connectionFor(
  request: Request,
  { peer, proxies, origins }: {
    peer: string;
    proxies: TrustedProxies;
    origins: OriginOptions;
  },
): Connection {
  const found = readConnection(request, { peer, proxies });
  return found.isHttps
    ? found
    : { ...found, isHttps: isHttps(request, origins) };
}

function enter(request: Request, connection: Connection): Request {
  const limited = withBodyLimit(request);
  rememberConnection(limited, connection);
  return limited;
}

/** Counts the requests of an address that are being answered, so that no one has them all. */
function createUnderway(): (
  connection: Connection,
  run: () => Promise<Response>,
) => Promise<Response> {
  const counts = new Map<string, number>();
  return async ({ address }, run) => {
    const key = addressKey(address);
    const count = counts.get(key) ?? 0;
    if (count >= MAX_UNDERWAY_PER_ADDRESS) {
      throw new AppError(
        "RATE_LIMITED",
        `${count} requests from your address are being answered; wait for their answers`,
        { status: 429 },
      );
    }
    counts.set(key, count + 1);
    try {
      return await run();
    } finally {
      const left = counts.get(key)! - 1;
      if (left === 0) counts.delete(key);
      else counts.set(key, left);
    }
  };
}

/** The address of a request; null if it is none, or if `Host` says another name than it. */
function urlOf(request: Request): URL | null {
  const header = request.headers.get("host");
  // The getter throws on a host that makes no URL.
  try {
    const url = new URL(request.url);
    const isSame = header === null || header === url.host ||
      new URL(`http://${header}`).hostname === url.hostname;
    return isSame ? url : null;
  } catch {
    return null;
  }
}

const NEITHER = { isApi: false, isHttps: false };

function noUrl(): Response {
  return new Response("The Host header is no host name\n", {
    status: 400,
    headers: { "Content-Type": "text/plain; charset=utf-8" },
  });
}

function unknownHost(hostname: string): AppError {
  return new AppError(
    "HOST_UNKNOWN",
    `This server is not called "${
      hostname.slice(0, 100)
    }"; open it by localhost, or name its address in PUBLIC_ORIGINS`,
    { status: 421 },
  );
}

function refuse(
  error: unknown,
  { isApi, requestId }: { isApi: boolean; requestId: string },
): Response {
  const answer = toProblem(error, requestId);
  if (isApi) {
    const response = problemResponse(answer);
    response.headers.set("X-Request-Id", requestId);
    return response;
  }
  return new Response(`${answer.problem.detail}\n`, {
    status: answer.problem.status,
    headers: { ...answer.headers, "Content-Type": "text/plain; charset=utf-8" },
  });
}
