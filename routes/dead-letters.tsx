import { page } from "fresh";
import { Head } from "fresh/runtime";
import { cursors } from "../lib/contracts/cursor.ts";
import { DeadLetterTable } from "../lib/ui/logs/DeadLetterTable.tsx";
import { define } from "./(_shared)/define.ts";
import { orErrorPage, requireUser } from "./(_shared)/guard.ts";

const PAGE_ROWS = 100;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const given = ctx.url.searchParams.get("cursor") ?? "";
    const cursor = cursors.deadLetters.schema.safeParse(given).data ?? null;
    const { deadLetters } = ctx.state.services;
    const letters = await orErrorPage(() =>
      deadLetters({ limit: PAGE_ROWS, cursor })
    );
    return page({
      letters: cursors.deadLetters.page(letters),
      isFirstPage: cursor === null,
    });
  },
});

/** Messages between actors that reached nobody. */
export default define.page<typeof handler>(function DeadLettersPage({ data }) {
  const { letters, isFirstPage } = data;
  return (
    <>
      <Head>
        <title>Undelivered messages · SMC Fleet</title>
      </Head>
      <div class="page-head">
        <h1 class="page-title">Undelivered messages</h1>
        <a href={isFirstPage ? "/logs" : "/dead-letters"}>
          {isFirstPage ? "Back to the logs" : "Newest messages"}
        </a>
      </div>
      <p class="page-lead">
        Messages between the parts of the platform that reached nobody, with the
        reason. Orders are not lost with them: a part that starts again asks for
        what it missed.
      </p>
      <DeadLetterTable
        letters={letters.items}
        nextCursor={letters.nextCursor}
        isFirstPage={isFirstPage}
      />
    </>
  );
});
