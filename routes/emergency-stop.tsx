import { type Context, HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import * as z from "zod";
import PasskeySubmit from "../islands/PasskeySubmit.tsx";
import StopProgress from "../islands/StopProgress.tsx";
import type { User } from "../lib/contracts/auth.ts";
import {
  type DrillResponse,
  type EmergencyResponse,
  type Latch,
  PAPER_ACCOUNT,
  releaseRequestSchema,
} from "../lib/contracts/emergency.ts";
import type { PageState } from "../lib/api/page_state.ts";
import { AppError } from "../lib/core/errors.ts";
import { Card } from "../lib/ui/Card.tsx";
import { DrillResult } from "../lib/ui/emergency/DrillResult.tsx";
import {
  readDraft,
  type StopDraft,
  toRequest,
} from "../lib/ui/emergency/stop_form.ts";
import {
  factsOfAgents,
  type StopFacts,
} from "../lib/ui/emergency/stop_facts.ts";
import { StopFactList } from "../lib/ui/emergency/StopFactList.tsx";
import { StopForm } from "../lib/ui/emergency/StopForm.tsx";
import { StopRefresh } from "../lib/ui/emergency/StopRefresh.tsx";
import { StopStanding } from "../lib/ui/emergency/StopStanding.tsx";
import type { ReleaseRefusal } from "../lib/ui/emergency/ReleaseForm.tsx";
import type { FormProof } from "../lib/ui/ProofField.tsx";
import { StopList } from "../lib/ui/emergency/StopList.tsx";
import { actionRefusal } from "../lib/ui/roles.ts";
import { define } from "./(_shared)/define.ts";
import { proofOf } from "./(_shared)/proof.ts";
import { renewLogin } from "./(_shared)/renewed_login.ts";
import {
  callerOf,
  clientOf,
  type Fields,
  type FormRefusal,
  mayPage,
  readForm,
  requireUser,
  toRefusal,
} from "./(_shared)/guard.ts";

interface StopData {
  state: EmergencyResponse;
  agents: readonly { id: string; name: string }[];
  facts: StopFacts;
  draft: StopDraft;
  drill: DrillResponse | null;
  errors: Readonly<Record<string, string>>;
  refused: ReleaseRefusal | null;
  /** Nothing was filled in or asked for yet: the page may be loaded anew. */
  isUntouched: boolean;
  user: User;
  /** Whether somebody else may release what this user has stopped. */
  hasOthers: boolean;
  proof: Omit<FormProof, "passkeyButton">;
  newId: string;
}

type Extra = Partial<Pick<StopData, "draft" | "drill" | "errors" | "refused">>;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { searchParams } = ctx.url;
    const draft = draftOf((name) => searchParams.get(name) ?? "", login.user);
    if (searchParams.get("show") !== "drill") {
      return page(await dataOf(ctx, login.user, { draft }));
    }
    await mayPage(ctx, "emergency.read");
    return await answer(ctx, login.user, async () => {
      const drill = await ctx.state.services.fleet.emergency.drill(
        toRequest(draft),
        callerOf(ctx, login.user),
      );
      return page(await dataOf(ctx, login.user, { draft, drill }));
    }, { draft });
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const field = await readForm(ctx.req);
    if (ctx.state.isFormStale) return await showAgain(ctx, login.user, field);
    return field("release") === ""
      ? await stop(ctx, login.user, field)
      : await release(ctx, login.user, field);
  },
});

/** The form is older than the login, so nothing was done; as filled in it is one click away. */
async function showAgain(ctx: Context<PageState>, user: User, field: Fields) {
  const text =
    "Your login has changed since this page was loaded; nothing was done yet, so press the button once more";
  const id = field("release");
  const data = await dataOf(
    ctx,
    user,
    id === ""
      ? { draft: draftOf(field, user), errors: { "": text } }
      : { refused: { id, reason: field("reason"), errors: { "": text } } },
  );
  return page(data, { status: 403 });
}

async function stop(
  ctx: Context<PageState>,
  user: User,
  field: Fields,
) {
  await mayPage(ctx, "emergency.stop");
  const draft = draftOf(field, user);
  return await answer(ctx, user, async () => {
    const given = field("id");
    const request = toRequest(draft);
    const stopAs = (id: string) =>
      ctx.state.services.fleet.emergency.stop(request, {
        id,
        caller: callerOf(ctx, user),
      });
    await stopAs(/^stop_[0-9a-f]{32}$/.test(given) ? given : newStopId())
      .catch((error) => {
        if (!isOfAnother(error)) throw error;
        // A form of an earlier stop, as going back shows it: what it says now is wanted now.
        return stopAs(newStopId());
      });
    return ctx.redirect("/emergency-stop", 303);
  }, { draft });
}

async function release(
  ctx: Context<PageState>,
  user: User,
  field: Fields,
) {
  await mayPage(ctx, "emergency.release", { provesItself: true });
  const id = field("release");
  const [reason, confirm, password, code] = [
    "reason",
    "confirm",
    "password",
    "code",
  ].map(field);
  const { identity } = ctx.state;
  if (identity === null) throw new HttpError(403, "Log in first");
  try {
    await ctx.state.services.releaseStop({
      id,
      request: releaseRequestSchema.parse({ reason, confirm, password, code }),
      releaser: {
        identity,
        caller: callerOf(ctx, user),
        address: clientOf(ctx).address,
        onFresh: () => renewLogin(ctx),
      },
    });
    return ctx.redirect("/emergency-stop", 303);
  } catch (error) {
    const { errors, status } = toFormRefusal(error, (pointer) => pointer);
    const refused = { id, reason: reason ?? "", errors };
    return page(await dataOf(ctx, user, { refused }), { status });
  }
}

/** Runs a command; its refusal is shown in the form. */
async function answer<T>(
  ctx: Context<PageState>,
  user: User,
  run: () => Promise<T>,
  shown: Extra,
) {
  try {
    return await run();
  } catch (error) {
    const { errors, status } = toFormRefusal(
      error,
      (name) => name.startsWith("scope") ? "scope" : name,
    );
    return page(await dataOf(ctx, user, { ...shown, errors }), { status });
  }
}

function toFormRefusal(
  error: unknown,
  fieldOf: (pointer: string) => string,
): FormRefusal {
  const { errors, status } = error instanceof z.ZodError
    ? {
      errors: Object.fromEntries(
        error.issues.map(({ path, message }) => [path.join("/"), message]),
      ),
      status: 422,
    }
    : toRefusal(error, () => "");
  return {
    errors: Object.fromEntries(
      Object.entries(errors).map(([name, text]) => [fieldOf(name), text]),
    ),
    status,
  };
}

async function dataOf(
  ctx: Context<PageState>,
  user: User,
  extra: Extra,
): Promise<StopData> {
  const { fleet, auth } = ctx.state.services;
  // Who else there is matters to a release only, which needs the store anyway.
  const agents = fleet.list();
  const others = await auth.countOthers("emergency.release", user.id)
    .catch(() => 0);
  return {
    state: fleet.emergency.state(),
    agents: agents.map(({ id, name }) => ({ id, name })),
    facts: factsOfAgents(agents),
    draft: extra.draft ?? draftOf(() => "", user),
    drill: extra.drill ?? null,
    errors: extra.errors ?? {},
    refused: extra.refused ?? null,
    isUntouched: ctx.req.method === "GET" && ctx.url.search === "",
    user,
    hasOthers: others > 0,
    proof: await proofOf(ctx.state, user),
    newId: newStopId(),
  };
}

function draftOf(field: Fields, user: User): StopDraft {
  return readDraft(field, { user: user.email, account: PAPER_ACCOUNT });
}

/** Whether the id of a form is that of an earlier stop. */
function isOfAnother(error: unknown): boolean {
  return error instanceof AppError && error.code === "IDEMPOTENCY_KEY_REUSED";
}

function newStopId(): string {
  return `stop_${crypto.randomUUID().replaceAll("-", "")}`;
}

/** Stops, shows what a stop would do, what is in force, and releases it. Plain forms: it works without script and with the stream down. */
export default define.page<typeof handler>(function EmergencyStop({ data }) {
  const { state, agents, user, hasOthers } = data;
  const names = new Map(agents.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  const whyNot = (latch: Latch) =>
    actionRefusal(user.role, "emergency.release") ??
      (latch.by.userId === user.id && hasOthers
        ? "You have stopped this yourself; another person with the role risk releases it"
        : null);
  return (
    <div class="stop-page">
      <Head>
        <title>Emergency stop · SMC Fleet</title>
        <StopRefresh stops={state.latches} isUntouched={data.isUntouched} />
      </Head>
      <h1 class="page-title">Emergency stop</h1>
      <StopList
        state={state}
        nameOf={nameOf}
        standing={(stop) =>
          stop.isWorking
            ? <StopProgress stop={stop} names={Object.fromEntries(names)} />
            : <StopStanding stop={stop} nameOf={nameOf} />}
        whyNot={whyNot}
        refused={data.refused}
        proof={{
          ...data.proof,
          passkeyButton: (options) => <PasskeySubmit {...options} />,
        }}
      />
      {state.latches.length === 0 && data.drill === null && (
        <Card title="What a stop of everything meets now">
          <StopFactList facts={data.facts} reason="It was not counted" />
        </Card>
      )}
      {data.drill !== null && (
        <DrillResult drill={data.drill} nameOf={nameOf} />
      )}
      <StopForm
        draft={data.draft}
        id={data.newId}
        agents={agents}
        errors={data.errors}
        refusal={actionRefusal(user.role, "emergency.stop")}
        isFirst={state.latches.length === 0 && data.drill === null}
      />
    </div>
  );
});
