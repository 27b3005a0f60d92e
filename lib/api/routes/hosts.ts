import type { OpenAPIHono } from "@hono/zod-openapi";
import {
  forgetHostSchema,
  hostsResponse,
  hostsResponseSchema,
} from "../../contracts/host.ts";
import { AppError } from "../../core/errors.ts";
import { PRODUCT_VERSION } from "../../core/version.ts";
import type { ApiContext, ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter, type Router } from "../openapi/router.ts";

/** Hosts over one store: list them, have one give its agents away, give one up. */
export function hostRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { fleet } = options;
  const router = createRouter(options, authorizer);
  router.define({
    method: "get",
    path: "/",
    summary: "List the hosts that share the store, with what is wrong",
    details:
      "None where this process has the store for itself. Control processes run no agents and are not listed.",
    tag: "server",
    action: "hosts.read",
    answer: hostsResponseSchema,
  }, () =>
    hostsResponse({
      isShared: fleet.isShared,
      hosts: fleet.hosts(),
      version: PRODUCT_VERSION,
    }));
  defineCommands(router, options);
  return router.app;
}

function defineCommands({ define }: Router, { fleet }: ApiOptions): void {
  define({
    method: "post",
    path: "/:host/drain",
    summary: "Have a host give its agents away and end",
    details:
      "Accepted once the wish is stored; the list tells what has become of it.",
    tag: "server",
    action: "hosts.manage",
    answer: null,
    problems: ["HOST_NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ c, caller }) => fleet.drainHost(hostOf(c), caller));
  define({
    method: "post",
    path: "/:host/forget",
    summary: "Give up a host that is gone for good",
    details:
      "What it had may go on elsewhere, agents that trade with money included. Its name is typed as a confirmation.",
    tag: "server",
    action: "hosts.manage",
    body: forgetHostSchema,
    answer: null,
    problems: [
      "HOST_NOT_FOUND",
      "HOST_NOT_GONE",
      "REQUEST_INVALID",
      "STORE_UNAVAILABLE",
    ],
  }, ({ c, body: { confirm }, caller }) => {
    const id = hostOf(c);
    assertConfirmed(id, confirm);
    return fleet.forgetHost(id, caller);
  });
}

function hostOf(c: ApiContext): string {
  return c.req.param("host") ?? "";
}

/** @throws {AppError} REQUEST_INVALID where another name was typed. */
export function assertConfirmed(id: string, confirm: string): void {
  if (confirm === id) return;
  const detail = `Type the name of the host, "${id.slice(0, 60)}"`;
  throw new AppError("REQUEST_INVALID", detail, {
    status: 422,
    errors: [{ pointer: "/confirm", code: "CONFIRM_WRONG", detail }],
  });
}
