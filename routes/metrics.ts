import { define } from "./(_shared)/define.ts";

/** Where Prometheus looks unless it is told otherwise: the endpoint of the API, with its gate. */
export const handler = define.handlers({
  GET: ({ req, state: { services } }) =>
    services.api(new Request(new URL("/api/metrics", req.url), req), {
      remoteAddress: services.addressOf(req),
    }),
});
