import { page } from "fresh";
import { Head } from "fresh/runtime";
import { COMPARED_TEMPLATES_MAX } from "../../lib/contracts/bundle.ts";
import { CompareTemplates } from "../../lib/ui/library/CompareTemplates.tsx";
import { Banner, EmptyState } from "../../lib/ui/Feedback.tsx";
import { define } from "../(_shared)/define.ts";
import { orErrorPage, requireUser } from "../(_shared)/guard.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const marked = ctx.url.searchParams.getAll("names")
      .flatMap((names) => names.split(",")).filter((name) => name !== "");
    const names = [...new Set(marked)];
    const compared = names.slice(0, COMPARED_TEMPLATES_MAX);
    return page({
      leftOut: names.length - compared.length,
      comparison: compared.length < 2
        ? null
        : await orErrorPage(() => ctx.state.services.bundles.compare(compared)),
    });
  },
});

/** Two to four templates side by side. */
export default define.page<typeof handler>(function ComparePage({ data }) {
  return (
    <>
      <Head>
        <title>Compare templates · SMC Fleet</title>
      </Head>
      <div class="page-head">
        <h1 class="page-title">Compare templates</h1>
        <a href="/templates">All templates</a>
      </div>
      {data.leftOut > 0 && (
        <Banner tone="warn">
          {COMPARED_TEMPLATES_MAX} templates are compared at a time;{" "}
          {data.leftOut} more were marked and are left out.
        </Banner>
      )}
      {data.comparison === null
        ? (
          <EmptyState title="Mark at least two templates">
            <p>
              <a href="/templates">Choose them from the list</a>.
            </p>
          </EmptyState>
        )
        : <CompareTemplates comparison={data.comparison} />}
    </>
  );
});
