import { page } from "fresh";
import { Head } from "fresh/runtime";
import RealTimeAgentLogs from "../islands/RealTimeAgentLogs.tsx";
import { cursors } from "../lib/contracts/cursor.ts";
import { readFilter, toLogQuery } from "../lib/ui/logs/log_filter.ts";
import { absorbQualifiers } from "../lib/ui/logs/log_qualifiers.ts";
import { define } from "./(_shared)/define.ts";
import { orErrorPage, requireUser } from "./(_shared)/guard.ts";

const FIRST_LINES = 200;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { fleet, headSeq, logs } = ctx.state.services;
    const seq = headSeq();
    const agents = fleet.list().map(({ id, name }) => ({ id, name }));
    const filter = absorbQualifiers(
      readFilter(ctx.url.searchParams),
      agents,
    );
    const lines = await orErrorPage(() =>
      logs({ ...toLogQuery(filter), limit: FIRST_LINES })
    );
    return page({
      entries: lines.items,
      nextCursor: cursors.logs.page(lines).nextCursor,
      filter,
      agents,
      headSeq: seq,
    });
  },
});

/** The log of all agents. */
export default define.page<typeof handler>(function LogsPage({ data }) {
  return (
    <>
      <Head>
        <title>Logs · SMC Fleet</title>
      </Head>
      <div class="page-head">
        <h1 class="page-title">Logs</h1>
        <a href="/dead-letters" data-testid="to-dead-letters">
          Undelivered messages
        </a>
      </div>
      <RealTimeAgentLogs {...data} topics={["logs:all"]} />
    </>
  );
});
