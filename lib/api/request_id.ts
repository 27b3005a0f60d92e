/** What an id that a client gives its request may look like. */
const REQUEST_ID_PATTERN = /^[A-Za-z0-9._-]{8,64}$/;

const known = new WeakMap<Request, string>();

/**
 * The id of a request: the one that came with it, or a new one. Asked again it
 * is the same, so that answer, log and audit trail name the same request.
 */
export function requestIdOf(
  request: Request,
  ids: (prefix: string) => string,
): string {
  const before = known.get(request);
  if (before !== undefined) return before;
  const given = request.headers.get("x-request-id");
  const id = given !== null && REQUEST_ID_PATTERN.test(given)
    ? given
    : ids("req");
  known.set(request, id);
  return id;
}
