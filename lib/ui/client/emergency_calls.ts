import type {
  DrillResponse,
  EmergencyResponse,
  Lever,
  StopResponse,
} from "../../contracts/emergency.ts";
import type { Call } from "./api_client.ts";

/** Calls of the panel about emergency stops. */
export function emergencyCalls(
  call: <T>(path: string, options?: Call) => Promise<T>,
) {
  return {
    emergency: () => call<EmergencyResponse>("/api/emergency"),
    drill: (lever: Lever) =>
      call<DrillResponse>("/api/emergency/drill", {
        method: "POST",
        body: { lever },
      }),
    /** `key` must stay the same when the same stop is tried again. */
    stopTrading: (stop: { lever: Lever; reason: string }, key: string) =>
      call<StopResponse>("/api/emergency", {
        method: "POST",
        body: stop,
        headers: { "Idempotency-Key": key },
      }),
  };
}
