import { createHmac } from "node:crypto";
import { ManualClock } from "./clock.ts";
import type { Outcome } from "./rest/fault_outcomes.ts";
import { RestServer } from "./rest/server.ts";
import { TEST_CREDENTIALS, type VenueOptions, VenueState } from "./state.ts";

/** What came back. */
export interface DirectAnswer {
  status: number;
  // deno-lint-ignore no-explicit-any -- JSON of the venue, read by tests
  body: any;
  headers: Readonly<Record<string, string>>;
}

/** A signed client without a network, on a clock that the test moves. */
export class DirectClient {
  readonly clock = new ManualClock(1_760_000_000_000);
  readonly venue: VenueState;
  readonly rest: RestServer;

  constructor(options: Omit<VenueOptions, "clock"> = {}) {
    this.venue = new VenueState({ ...options, clock: this.clock });
    this.rest = new RestServer(this.venue);
  }

  /** Sends `POST /api/v3/order` and the like, signed. */
  async send(
    request: string,
    params: Readonly<Record<string, string | number | boolean>> = {},
  ): Promise<DirectAnswer> {
    const [method, path] = request.split(" ") as [string, string];
    const text = sign({ timestamp: this.clock.now(), ...params });
    const isInBody = method === "POST" || method === "PUT";
    const outcome = await this.rest.respond({
      method,
      path,
      query: isInBody ? "" : text,
      body: isInBody ? text : "",
      apiKey: TEST_CREDENTIALS.apiKey,
      address: "127.0.0.1",
    });
    return parse(outcome);
  }
}

/** Parameters with their signature. */
export function sign(
  params: Readonly<Record<string, string | number | boolean>>,
  secret = TEST_CREDENTIALS.secret,
): string {
  const text = new URLSearchParams(
    Object.entries(params).map(([name, value]) => [name, String(value)]),
  ).toString();
  const signature = createHmac("sha256", secret).update(text).digest("hex");
  return `${text}&signature=${signature}`;
}

function parse(outcome: Outcome): DirectAnswer {
  if (typeof outcome === "string") {
    return { status: 0, body: outcome, headers: {} };
  }
  return {
    status: outcome.status,
    body: JSON.parse(outcome.body),
    headers: outcome.headers,
  };
}
