/**
 * Door of the HTTP API.
 *
 * @module
 */
export { createApi, listRoutes } from "./api.ts";
export type {
  ApiErrorEntry,
  ApiHandler,
  ApiOptions,
  ConnectionInfo,
} from "./context.ts";
export {
  type Action,
  ACTIONS,
  isAllowed,
  POLICY,
  roleNeeded,
} from "./policy.ts";
export {
  clearedSessionCookie,
  originOf,
  readSessionCookie,
  sessionCookie,
} from "./session.ts";
