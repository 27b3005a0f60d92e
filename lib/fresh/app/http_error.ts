/** `HttpError`: the one error type that carries a status to the error pages. */
import { STATUS_CODES } from "node:http";

/**
 * The statuses that an error response may have: every registered 4xx and 5xx
 * code.
 */
// deno-fmt-ignore
export type ErrorStatus =
  | 400 | 401 | 402 | 403 | 404 | 405 | 406 | 407 | 408 | 409 | 410 | 411 | 412 | 413 | 414 | 415
  | 416 | 417 | 418 | 421 | 422 | 423 | 424 | 425 | 426 | 428 | 429 | 431 | 451
  | 500 | 501 | 502 | 503 | 504 | 505 | 506 | 507 | 508 | 510 | 511;

/**
 * Thrown to leave a handler with a status; the nearest error page renders it.
 */
export class HttpError extends Error {
  /** The status of the response that the error turns into. */
  status: ErrorStatus;

  /**
   * Makes an error with a status.
   *
   * @param status The status of the response.
   * @param message Shown by error pages; the standard phrase of the status when
   *   absent.
   * @param options The usual error options, such as `cause`.
   */
  constructor(
    status: ErrorStatus,
    message: string = STATUS_CODES[status] ?? "Error",
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "HttpError";
    this.status = status;
  }
}
