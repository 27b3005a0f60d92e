import { Hono } from "hono";
import {
  type ProgramLogin,
  refreshRequestSchema,
  tokenRequestSchema,
} from "../../contracts/auth.ts";
import { type ApiEnv, type ApiOptions, clientOf } from "../context.ts";
import { readJson } from "../input.ts";

/** Logins of programs: by password, and on by refresh token. */
export function tokenRoutes({ auth }: ApiOptions): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .post("/token", async (c) => {
      const request = tokenRequestSchema.parse((await readJson(c)).value);
      return c.json<ProgramLogin>(
        await auth.loginProgram(request, clientOf(c)),
      );
    })
    .post("/refresh", async (c) => {
      const { refreshToken } = refreshRequestSchema.parse(
        (await readJson(c)).value,
      );
      return c.json<ProgramLogin>(
        await auth.sessions.refresh(refreshToken, clientOf(c)),
      );
    });
}
