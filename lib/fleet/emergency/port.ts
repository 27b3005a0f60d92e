import type {
  DrillResponse,
  EmergencyResponse,
  Latch,
  StopRequest,
  StopResponse,
} from "../../contracts/emergency.ts";
import type { Caller } from "../port.ts";

/** The emergency stop as API and pages know it. Refusals are thrown as AppError. */
export interface Emergency {
  /** Stops in force, the newest that were released, and how they stand. */
  state(): EmergencyResponse;
  /**
   * Latches at the desk, then pulls the lever; answers when the desk has
   * latched. The same `id` again changes nothing.
   *
   * @throws {AppError} IDEMPOTENCY_KEY_REUSED where the `id` is that of another stop, or of one that was released since.
   */
  stop(
    request: StopRequest,
    options: { id: string; caller: Caller },
  ): Promise<StopResponse>;
  /** Stops at once and without any question that could fail; for a signal. */
  blockAll(by: string): Promise<StopResponse>;
  /** A stop in force or released lately. @throws {AppError} EMERGENCY_NOT_FOUND */
  latchOf(id: string): Latch;
  /** Lets trading go on. Who may, and with which proof, is decided before. */
  release(
    id: string,
    options: { reason: string; caller: Caller },
  ): Promise<EmergencyResponse>;
  /** What a stop would do; nothing is done. */
  drill(request: StopRequest, caller: Caller): Promise<DrillResponse>;
}
