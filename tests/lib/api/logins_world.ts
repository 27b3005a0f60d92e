/** The whole API over a real auth service. */
import assert from "node:assert/strict";
import { createApi } from "../../../lib/api/api.ts";
import {
  type AuthSetup,
  CLIENT,
  EMAIL,
  PASSWORD,
  setUp,
  withAuth,
} from "../auth/support.ts";
import { BASE, createWorld, type World } from "./world.ts";

export type Call = (
  method: string,
  path: string,
  options?: {
    token?: string;
    cookie?: string;
    body?: unknown;
    agent?: string;
    idempotencyKey?: string;
  },
) => Promise<Response>;

/** The whole API over a real auth service, with one admin. */
export async function withApi(
  test: (
    setup: AuthSetup & { call: Call; cookie: string; world: World },
  ) => Promise<void>,
): Promise<void> {
  await withAuth(async (setup) => {
    const world = createWorld();
    const api = createApi({
      ...world.options,
      auth: setup.auth,
      now: () => setup.time.nowMs(),
    });
    const call: Call = async (method, path, given = {}) => {
      const { token, cookie, body, agent = "test" } = given;
      const request = new Request(`${BASE}${path}`, {
        method,
        headers: {
          "user-agent": agent,
          "idempotency-key": given.idempotencyKey ?? "",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(cookie === undefined
            ? {}
            : { cookie: `session=${cookie}`, origin: BASE }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return await api(request, { remoteAddress: CLIENT.address });
    };
    await test({ ...setup, call, world, cookie: await setUp(setup) });
  });
}

// deno-lint-ignore no-explicit-any -- the tests assert what they read
export async function json(response: Response): Promise<any> {
  const text = await response.text();
  assert.ok(response.ok, text);
  return JSON.parse(text);
}

export const LOGIN = { email: EMAIL, password: PASSWORD };
