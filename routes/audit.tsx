import { page } from "fresh";
import { Head } from "fresh/runtime";
import AuditTrail, { type AuditTrailProps } from "../islands/AuditTrail.tsx";
import { cursors } from "../lib/contracts/cursor.ts";
import { isAllowed, roleNeeded } from "../lib/contracts/policy.ts";
import { readFields, toAuditFilter } from "../lib/ui/audit/audit_filter.ts";
import { EmptyState } from "../lib/ui/Feedback.tsx";
import { ROLE_WORDS } from "../lib/ui/words.ts";
import { define } from "./(_shared)/define.ts";
import { orErrorPage, requireUser } from "./(_shared)/guard.ts";

const FIRST_ENTRIES = 50;
const NO_STORE = { "Cache-Control": "no-store" };

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    if (!isAllowed(login.user.role, "audit.read")) {
      return page<AuditTrailProps | null>(null, { status: 403 });
    }
    const { auditTrail } = ctx.state.services;
    const fields = readFields(ctx.url.searchParams);
    const found = await orErrorPage(() =>
      auditTrail.query(toAuditFilter(fields), {
        limit: FIRST_ENTRIES,
        cursor: null,
      })
    );
    return page<AuditTrailProps | null>({
      records: found.items,
      nextCursor: cursors.audit.page(found).nextCursor,
      fields,
      check: auditTrail.check(),
      now: Date.now(),
    }, { headers: NO_STORE });
  },
});

/** Who did what, and whether anybody has changed it since. */
export default define.page<typeof handler>(function AuditPage({ data }) {
  return (
    <>
      <Head>
        <title>Audit trail · SMC Fleet</title>
      </Head>
      <div class="page-head">
        <h1 class="page-title">Audit trail</h1>
      </div>
      {data === null
        ? (
          <EmptyState
            title={`The audit trail needs the role ${
              ROLE_WORDS[roleNeeded("audit.read")]
            }; ask an admin for it`}
          />
        )
        : (
          <>
            <p class="page-lead">
              Who did what, when, and what came of it. Each entry carries the
              hash of the one before, and checkpoints are signed: a change made
              later shows.
            </p>
            <AuditTrail {...data} />
          </>
        )}
    </>
  );
});
