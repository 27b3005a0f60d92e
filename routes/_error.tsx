import { HttpError } from "fresh";
import { Head } from "fresh/runtime";
import { ErrorState } from "../lib/ui/Feedback.tsx";
import { define } from "./(_shared)/define.ts";

const TITLES: Readonly<Record<number, string>> = {
  403: "You may not see this",
  404: "There is no such page",
  405: "This page takes no such request",
  408: "The form did not arrive in time",
  413: "The form is too large",
  429: "Too many requests",
  503: "The server is not ready",
};

/** Any failure of a page, with a way on. Details of defects stay in the server's log. */
export default define.page(function ErrorPage({ error, url }) {
  const status = error instanceof HttpError ? error.status : 500;
  const title = TITLES[status] ?? "Something broke on the server";
  const detail =
    error instanceof HttpError && status !== 500 && error.cause !== undefined
      ? error.message
      : status === 404
      ? `Nothing is at ${url.pathname}. It may have been removed, or the address is misspelt.`
      : "The failure is in the server's log. Reload the page to try again.";
  return (
    <>
      <Head>
        <title>{title} · SMC Fleet</title>
      </Head>
      <h1 class="sr-only">{title}</h1>
      <ErrorState title={title} detail={detail} code={`HTTP ${status}`}>
        <p>
          <a class="btn btn-default" href="/">Go to the fleet</a>
        </p>
      </ErrorState>
    </>
  );
});
