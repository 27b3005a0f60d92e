/** Pages of the panel without a build, over real logins and a fleet in memory. */
import { App, type Middleware } from "fresh";
import { createPageAuthorizer } from "../../lib/api/page_authorizer.ts";
import { readSessionCookie, sessionCookie } from "../../lib/api/credential.ts";
import { releaseStop } from "../../lib/api/emergency_release.ts";
import { formTokenOf } from "../../lib/api/page_gate.ts";
import type { PageState, Services } from "../../lib/api/page_state.ts";
import { FORM_TOKEN_FIELD } from "../../lib/contracts/form_token.ts";
import { parseEnv } from "../../lib/core/env.ts";
import { createConsole } from "../../lib/server/console.ts";
import { createWebServices } from "../../lib/server/web_services.ts";
import * as errorPage from "../../routes/_error.tsx";
import * as middleware from "../../routes/_middleware.ts";
import * as emergencyStop from "../../routes/emergency-stop.tsx";
import * as keys from "../../routes/settings/keys.tsx";
import * as secondFactor from "../../routes/settings/second-factor.tsx";
import * as system from "../../routes/settings/system.tsx";
import { BASE, createWorld, type World } from "../lib/api/world.ts";
import {
  type AuthSetup,
  codeOf,
  enrol,
  setUp,
  withAuth,
} from "../lib/auth/support.ts";
import { withModules } from "../lib/fresh/helpers.ts";

/** An answer as a browser takes it. */
export interface PageAnswer {
  status: number;
  text: string;
  /** The secret that the answer gives the login; null where it gives none. */
  cookie: string | null;
  /** What every form of the page carries; null where there is none. */
  formToken: string | null;
}

/** Pages, and an admin who is logged in by a cookie. */
export interface PanelWorld extends AuthSetup {
  world: World;
  cookie: string;
  /** Sends a form, with the token that its login has where no other is given. */
  submit(
    path: string,
    fields: Readonly<Record<string, string>>,
    login?: { cookie: string; token?: string },
  ): Promise<PageAnswer>;
  /** Whether a cookie logs in. */
  isLogin(cookie: string): Promise<boolean>;
  /** Sets up an authenticator; answers with what it shows from then on. */
  enrol(): Promise<() => string>;
}

/** Until an authenticator shows a code that is not next to a used one. */
const NEXT_CODE_MS = 60_000;

/** Opens them for a test. */
export async function withPanel(
  test: (panel: PanelWorld) => Promise<void>,
): Promise<void> {
  await withAuth(async (setup) => {
    const world = createWorld();
    const { auth, time } = setup;
    world.options.auth = auth;
    const app = appOver(servicesOf(setup, world));
    const cookie = await setUp(setup);
    const isLogin = async (value: string) =>
      await auth.authenticate(value) !== null;
    await test({
      ...setup,
      world,
      cookie,
      isLogin,
      submit: (path, fields, login = { cookie }) =>
        post(app, path, { fields, login }),
      async enrol() {
        const identity = (await auth.authenticate(cookie))!;
        const { secret } = await enrol(setup, identity);
        auth.factor.forgetProof(identity.sessionId);
        return () => {
          time.advance(NEXT_CODE_MS);
          return codeOf(secret, time.nowMs());
        };
      },
    });
  });
}

function servicesOf({ auth, time }: AuthSetup, world: World): Services {
  const { options, fleet } = world;
  const origins = { allowedOrigins: [] };
  const clock = { nowMs: () => time.nowMs() };
  const services: Partial<Services> = {
    ...options,
    ...createWebServices({
      env: parseEnv(() => undefined),
      ids: options.ids,
      clock: clock as Parameters<typeof createWebServices>[0]["clock"],
      state: { isDraining: false },
      console: createConsole("error"),
      audit: options.audit!,
    }),
    isLiveArmed: false,
    quotas: () => Promise.resolve([]),
    authorize: createPageAuthorizer(options),
    releaseStop: (wish) =>
      releaseStop({ emergency: fleet.emergency, auth }, wish),
    identify: async (request) => {
      const secret = readSessionCookie(request, origins);
      return secret === null
        ? null
        : await auth.authenticate(secret, { transport: "cookie" });
    },
    sessionCookie: (request, session) =>
      sessionCookie(request, { ...origins, session, now: time.nowMs() }),
  };
  return services as Services;
}

function appOver(services: Services): App<PageState> {
  const withState: Middleware<PageState> = async (ctx) => {
    const identity = await services.identify(ctx.req);
    const user = identity?.user ?? null;
    Object.assign(ctx.state, { services, identity, user });
    return await ctx.next();
  };
  return withModules(new App<PageState>().use(withState).fsRoutes(), {
    "/_error.tsx": errorPage,
    "/_middleware.ts": middleware,
    "/emergency-stop.tsx": emergencyStop,
    "/settings/keys.tsx": keys,
    "/settings/second-factor.tsx": secondFactor,
    "/settings/system.tsx": system,
  });
}

async function post(
  app: App<PageState>,
  path: string,
  { fields, login: { cookie, token } }: {
    fields: Readonly<Record<string, string>>;
    login: { cookie: string; token?: string };
  },
): Promise<PageAnswer> {
  const response = await app.handler()(
    new Request(`${BASE}${path}`, {
      method: "POST",
      headers: { cookie: `session=${cookie}`, origin: BASE },
      body: new URLSearchParams({
        ...fields,
        [FORM_TOKEN_FIELD]: token ?? formTokenOf(cookie),
      }),
    }),
  );
  const text = await response.text();
  const tokens = text.matchAll(
    new RegExp(`name="${FORM_TOKEN_FIELD}" value="([^"]*)"`, "g"),
  );
  const [formToken = null, ...others] = new Set(
    [...tokens].map(([, value]) => value!),
  );
  if (others.length > 0) throw new Error("The forms of a page do not agree");
  const set = response.headers.get("set-cookie");
  return {
    status: response.status,
    text,
    cookie: /^session=([^;]+);/.exec(set ?? "")?.[1] ?? null,
    formToken,
  };
}
