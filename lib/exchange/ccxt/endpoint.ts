import { AppError } from "../../core/errors.ts";

/**
 * The origin of an address on this machine. Nothing else is accepted, because
 * keys and orders go to where this points.
 *
 * @throws {AppError} ENDPOINT_REFUSED unless it is http on a loopback address.
 */
export function checkEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLoopback = url !== null && url.protocol === "http:" &&
    /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (isLoopback) return url.origin;
  throw new AppError(
    "ENDPOINT_REFUSED",
    `The endpoint ${
      JSON.stringify(text)
    } is no address of this machine; write for instance http://127.0.0.1:8080, or leave it out`,
    { status: 422 },
  );
}

/** The same addresses at another origin, whatever the nesting; streams keep their own scheme without encryption. */
export function withOrigin(value: unknown, origin: string): unknown {
  if (typeof value === "string") {
    const host = origin.slice(origin.indexOf("//"));
    return value.replace(
      /^(\w+):\/\/[^/]+/,
      (_, scheme: string) =>
        `${scheme.startsWith("ws") ? "ws" : "http"}:${host}`,
    );
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      withOrigin(inner, origin),
    ]),
  );
}
