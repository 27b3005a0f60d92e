/**
 * What the sweep of the policy sends: things of one's own, of others and of
 * nobody, and logins of every kind.
 */
import type { AuthService, Identity } from "../../../lib/auth/port.ts";
import { stopRequestSchema } from "../../../lib/contracts/emergency.ts";
import type { Action, Role } from "../../../lib/contracts/policy.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { identityOf, userOf } from "../../support/users.ts";
import type { RouteEntry } from "../../../lib/api/route_table.ts";
import { sampleRequest } from "../backtest/sample_report.ts";
import { UNKNOWN_BACKTEST } from "./backtests_world.ts";
import { UNKNOWN_TEAM } from "./fake_teams.ts";
import { HOST, TEMPLATE } from "./samples.ts";
import { BASE, createWorld, UNKNOWN_ID, type World } from "./world.ts";
import { channelOf, SWEPT_RULE } from "./sweep_alerts.ts";

/** Kinds of login; of a token with and without the scope. */
export const LOGINS = ["session", "access", "token", "bare_token"] as const;
export type LoginKind = (typeof LOGINS)[number];

/** Whose the thing is that a request is about. */
export const RELATIONS = ["own", "foreign", "nobodys", "unknown"] as const;
export type Relation = (typeof RELATIONS)[number];

/** Routes that may be asked for somebody else's things: the parameter that says whose. */
export const OWNER_QUERIES: Readonly<Record<string, string>> = {
  "GET /api/alerts/channels": "owner",
  "GET /api/alerts/rules": "owner",
  "GET /api/exchange-keys": "owner",
  "GET /api/sessions": "user",
  "POST /api/sessions/revoke-others": "user",
  "GET /api/tokens": "user",
};

export const OTHER = userOf({ id: "usr_other", email: "other@example.com" });

export function userIn(role: Role) {
  return userOf({ id: `usr_${role}`, email: `${role}@example.com`, role });
}

/** A value of a path parameter. Null where things of this kind are always somebody's. */
type Things = (
  owner: { id: string; email: string } | null,
  about: { isLive: boolean },
) => Promise<string | null> | string | null;

/** How things of a kind are made, and an id that none has. */
interface Kind {
  make: Things;
  unknown: string;
}

/** A world whose logins and things are made as they are asked for. */
export interface SweepWorld extends World {
  /** Whether every login proved itself a moment ago. */
  proof: { isFresh: boolean };
  /** The path of a route with its parameters filled in; null where there is no such thing. */
  pathTo(
    route: Pick<RouteEntry, "method" | "path">,
    about: { relation: Relation; role: Role; isLive: boolean },
  ): Promise<string | null>;
  /** Headers that log in. */
  login(
    kind: LoginKind,
    about: { role: Role; scopes: readonly Action[] },
  ): Record<string, string>;
}

/** Names of what is below a thing: they are looked up in it. */
const PARTS: Readonly<Record<string, string>> = {
  "/api/agents/:id/recordings/:name": "none-1.session",
};

export function createSweepWorld(): SweepWorld {
  const world = createWorld();
  const proof = { isFresh: false };
  const logins = new Map<string, Identity>();
  const { auth } = world.options;
  auth.authenticate = (token) => Promise.resolve(logins.get(token) ?? null);
  auth.factor.requireFresh =
    auth.factor.requireProven =
      () =>
        proof.isFresh ? Promise.resolve() : Promise.reject(
          new AppError("FRESH_PROOF_NEEDED", "Prove that it is you", {
            status: 403,
          }),
        );
  const kinds = kindsOf(world);
  return {
    ...world,
    proof,
    async pathTo({ method, path: route }, { relation, role, isLive }) {
      const [param] = route.match(/:\w+/g) ?? [];
      if (param === undefined) {
        return relation === "foreign"
          ? `${route}?${OWNER_QUERIES[`${method} ${route}`]}=${OTHER.id}`
          : route;
      }
      const kind = kinds[kindName(route, param)];
      if (kind === undefined) {
        throw new Error(
          `The sweep has no things for ${route}: add "${
            kindName(route, param)
          }" to kindsOf() in sweep_world.ts`,
        );
      }
      const value = relation === "unknown"
        ? kind.unknown
        : await kind.make(ownerOf(relation, role), { isLive });
      return value &&
        route.replace(param, value).replace(/:\w+/, PARTS[route] ?? "x");
    },
    login(kind, { role, scopes }) {
      const token = `sweep-${kind}-${role}-${scopes.join("+")}`;
      const user = userIn(role);
      logins.set(
        token,
        identityOf(user, {
          sessionId: token,
          kind: kind === "session" || kind === "access" ? kind : "api_token",
          scopes: kind === "token" ? scopes : kind === "bare_token" ? [] : null,
        }),
      );
      return kind === "session"
        ? { cookie: `session=${token}`, origin: BASE }
        : { authorization: `Bearer ${token}` };
    },
  };
}

function ownerOf(relation: Relation, role: Role) {
  return relation === "own"
    ? userIn(role)
    : relation === "foreign"
    ? OTHER
    : null;
}

/** `:id` is the id of what the path begins with; any other parameter says itself what it is. */
function kindName(route: string, param: string): string {
  return param === ":id" || param === ":name" ? route.split("/")[2]! : param;
}

const USER_ID = `usr_${"0".repeat(26)}`;

/** Logins, tokens and passkeys whose id says whose they are. */
function stubLogins({ sessions, apiTokens, passkeys }: AuthService): void {
  const ownerOf = (id: string) => {
    const [, owner = null] = /_of_(.+)$/.exec(id) ?? [];
    return Promise.resolve(owner);
  };
  const revoke = async (id: string) => {
    if (await ownerOf(id) !== null) return;
    throw new AppError("NOT_FOUND", "There is none", { status: 404 });
  };
  Object.assign(sessions, { ownerOf, revoke });
  Object.assign(apiTokens, { ownerOf, revoke });
  const passkeyOf = (userId: string) => ({
    id: `pky_of_${userId}`,
    name: "phone",
    rpId: "localhost",
    isSynced: false,
    createdAt: "2026-01-01T00:00:00.000Z",
    lastUsedAt: null,
  });
  passkeys.list = ({ id }) => Promise.resolve([passkeyOf(id)]);
  passkeys.rename = ({ user }) => Promise.resolve(passkeyOf(user.id));
  passkeys.remove = () => Promise.resolve();
}

function kindsOf(world: World): Readonly<Record<string, Kind>> {
  const { fleet, backtests, options } = world;
  stubLogins(options.auth);
  const templates = new Map<string, typeof TEMPLATE>();
  fleet.templates = () => [TEMPLATE, ...templates.values()];
  const runs = new Map<string, string>();
  const keys = new Map<string, string>();
  return {
    agents: {
      unknown: UNKNOWN_ID,
      make: (owner, { isLive }) =>
        fleet.add({
          ...(owner === null ? {} : { owner }),
          mode: isLive ? "live" : "paper",
          observed: "paused",
        }).id,
    },
    teams: {
      unknown: UNKNOWN_TEAM,
      make: (owner, { isLive }) => {
        const team = fleet.teams.add(owner === null ? {} : { owner });
        if (!isLive) return team.id;
        const [first, ...rest] = team.members;
        fleet.teams.teams.set(team.id, {
          ...team,
          members: [{ ...first!, mode: "live" }, ...rest],
        });
        return team.id;
      },
    },
    templates: {
      unknown: "nobody-knows-it",
      make: (owner) => {
        const name = `of-${owner?.id.slice(4) ?? "nobody"}`;
        templates.set(name, {
          ...TEMPLATE,
          name,
          ...(owner === null ? {} : { owner }),
        });
        return name;
      },
    },
    backtests: {
      unknown: UNKNOWN_BACKTEST,
      make: async (owner) => {
        if (owner === null) return null;
        const known = runs.get(owner.id);
        const isThere = backtests.service.list().some(({ id, state }) =>
          id === known && state === "canceled"
        );
        if (isThere) return known!;
        const caller = {
          userId: owner.id,
          email: owner.email,
          via: "api",
        } as const;
        const view = await backtests.service.submit(sampleRequest(), caller);
        await backtests.service.cancel(view.id, caller);
        runs.set(owner.id, view.id);
        return view.id;
      },
    },
    emergency: {
      unknown: `stop_${"0".repeat(32)}`,
      // A stop is nobody's: the role alone counts.
      make: async (owner) => {
        if (owner !== null) return null;
        const id = `stop_${crypto.randomUUID().replaceAll("-", "")}`;
        await fleet.emergency.stop(stopRequestSchema.parse({}), {
          id,
          caller: { userId: OTHER.id, email: OTHER.email, via: "api" },
        });
        return id;
      },
    },
    ":session": {
      unknown: "ses_unknown",
      make: (owner) => owner === null ? null : `ses_of_${owner.id}`,
    },
    ":token": {
      unknown: "tok_unknown",
      make: (owner) => owner === null ? null : `tok_of_${owner.id}`,
    },
    ":passkey": {
      unknown: "pky_unknown",
      make: (owner) => owner === null ? null : `pky_of_${owner.id}`,
    },
    // Nobody owns a person or a link: the role alone counts.
    ":user": { unknown: USER_ID, make: (owner) => owner && USER_ID },
    ":host": { unknown: "none", make: (owner) => owner && HOST.id },
    ":invite": { unknown: "inv_1", make: (owner) => owner && "inv_1" },
    ":channel": {
      unknown: "chn_unknown",
      make: async (owner) => owner && await channelOf(options, owner),
    },
    ":rule": {
      unknown: "rul_unknown",
      make: async (owner) => {
        if (owner === null) return null;
        const channelId = await channelOf(options, owner);
        const [known] = options.alerts.rules(owner.id);
        const rule = known ?? await options.alerts.addRule(
          { ...SWEPT_RULE, channelIds: [channelId] },
          { userId: owner.id, email: owner.email, via: "api" },
        );
        return rule.id;
      },
    },
    ":key": {
      unknown: "key_unknown",
      make: async (owner) => {
        if (owner === null) return null;
        const known = keys.get(owner.id);
        if (known !== undefined && options.exchangeKeys.find(known) !== null) {
          return known;
        }
        const view = await options.exchangeKeys.add({
          label: "main",
          exchange: "binance",
          apiKey: "api-key-of-somebody",
          secret: "secret-of-somebody",
        }, { userId: owner.id, email: owner.email, via: "api" });
        keys.set(owner.id, view.id);
        return view.id;
      },
    },
  };
}
