/** What a boundary failure carries besides its sentence. */
export interface AppErrorOptions {
  /** HTTP-like class of the failure, used by the one mapper of the API. */
  status?: number;
  /** One entry per wrong field; `pointer` is a JSON pointer such as `/risk/leverage`. */
  errors?: readonly FieldError[];
  cause?: unknown;
  /** It may have been done all the same, and must not be repeated before somebody has looked. */
  isOutcomeUnknown?: boolean;
}

/** One field that is wrong, why, and how to mend it. */
export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

/**
 * A failure at a boundary (request, file, store, worker): thrown once, mapped
 * once. `code` has the form `CATEGORY_CONDITION`; the message is one sentence
 * that says what, where and how to mend it.
 */
export class AppError extends Error {
  override name = "AppError";
  readonly code: string;
  readonly status: number;
  readonly errors: readonly FieldError[];
  readonly isOutcomeUnknown: boolean;

  constructor(code: string, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 500;
    this.errors = options.errors ?? [];
    this.isOutcomeUnknown = options.isOutcomeUnknown ?? false;
  }
}
