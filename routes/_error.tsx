import { HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import { AppError } from "../lib/core/errors.ts";
import { ErrorState } from "../lib/ui/Feedback.tsx";
import { define } from "./(_shared)/define.ts";
import { AgentGone } from "./(_shared)/gone.ts";
import { renewedHeaders } from "./(_shared)/renewed_login.ts";

const TITLES: Readonly<Record<number, string>> = {
  403: "You may not see this",
  404: "There is no such page",
  405: "This page takes no such request",
  408: "The form did not arrive in time",
  413: "The form is too large",
  429: "Too many requests",
  503: "The server is not ready",
};

/** The same of codes that say more than their status. */
const CODE_TITLES: Readonly<Record<string, string>> = {
  AGENT_NOT_FOUND: "There is no such agent",
  BACKTEST_NOT_FOUND: "There is no such backtest",
};

/** What may be over by the next time. */
const PASSING: readonly number[] = [408, 429, 500, 503];

/** A form that renewed the login and broke afterwards is answered here alone. */
export const handler = define.handlers(({ state }) =>
  page(undefined, { headers: renewedHeaders(state) })
);

/** Any failure of a page, with a way on. Details of defects stay in the server's log. */
export default define.page(function ErrorPage({ error, url, state }) {
  const status = error instanceof HttpError ? error.status : 500;
  const cause = error instanceof HttpError ? error.cause : undefined;
  const gone = cause instanceof AgentGone ? cause : null;
  const code = cause instanceof AppError ? cause.code : `HTTP ${status}`;
  const title = gone !== null
    ? "This agent was removed"
    : CODE_TITLES[code] ?? TITLES[status] ?? "Something broke on the server";
  return (
    <>
      <Head>
        <title>{title} · SMC Fleet</title>
      </Head>
      <h1 class="sr-only">{title}</h1>
      <ErrorState
        title={title}
        detail={detailOf(error, url.pathname)}
        code={code}
        requestId={state.requestId}
      >
        <p class="error-actions">
          {PASSING.includes(status) && (
            <a
              class="btn btn-primary"
              href={url.pathname + url.search}
              data-testid="page-retry"
            >
              Try again
            </a>
          )}
          {gone !== null && (
            <a class="btn btn-default" href={`/logs?agentId=${gone.agentId}`}>
              Read its log
            </a>
          )}
          <a class="btn btn-default" href="/">Go to the fleet</a>
        </p>
      </ErrorState>
    </>
  );
});

function detailOf(error: unknown, path: string): string {
  const status = error instanceof HttpError ? error.status : 500;
  if (error instanceof HttpError && status !== 500 && error.cause) {
    return error.message;
  }
  return status === 404
    ? `Nothing is at ${path}. It may have been removed, or the address is misspelt.`
    : "The failure is in the server's log, under the request's number.";
}
