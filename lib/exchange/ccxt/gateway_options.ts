import type { Clock } from "../../../actors/clock.ts";
import type { VenueId } from "../../contracts/venue.ts";
import type { SharedSilence } from "../budget/shared_silence.ts";
import type { VenueCredentials } from "./connection.ts";
import type { TransportHooks } from "./transport.ts";

/** What a gateway is made of. */
export interface CcxtGatewayOptions {
  venue: VenueId;
  credentials: VenueCredentials;
  clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive), for pauses between connections. */
  random(): number;
  /** For the rate budget and for measurements. */
  hooks?: TransportHooks;
  /** Until when the venue wants to hear nothing, shared with its feed. */
  silence?: SharedSilence;
  /**
   * An address of this machine in place of the exchange's, for a simulated
   * venue; null for the exchange itself.
   */
  endpoint: string | null;
  /** Longest wait for a whole answer; ANSWER_MS_MAX if left out. */
  answerMsMax?: number;
}
