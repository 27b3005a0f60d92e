import type { AuthService, Identity } from "../auth/port.ts";
import type {
  EmergencyResponse,
  ReleaseRequest,
} from "../contracts/emergency.ts";
import { AppError } from "../core/errors.ts";
import type { Caller } from "../fleet/port.ts";
import type { Emergency } from "../fleet/emergency/port.ts";

/** Who wants to release, and from where. */
export interface Releaser {
  identity: Identity;
  caller: Caller;
  /** Address that the request comes from. */
  address: string;
  /** The proof has made the session fresh: a browser's login is renewed, whatever becomes of the release. */
  onFresh(): Promise<void>;
}

/** A wish to release a stop. */
export interface ReleaseWish {
  id: string;
  request: ReleaseRequest;
  releaser: Releaser;
}

/**
 * Releases a stop for somebody who has the role. They prove afresh that it
 * is them. Where anybody else may release, it must not be the one who
 * pulled the lever; alone on an installation one may release one's own.
 *
 * @throws {AppError} EMERGENCY_NOT_FOUND, SECOND_PERSON_NEEDED, and those of `proveFresh`
 */
export async function releaseStop(
  { emergency, auth }: { emergency: Emergency; auth: AuthService },
  { id, request, releaser }: ReleaseWish,
): Promise<EmergencyResponse> {
  const { identity, caller, address, onFresh } = releaser;
  const { user } = identity;
  const latch = emergency.latchOf(id);
  const others = await auth.countOthers("emergency.release", user.id);
  if (latch.by.userId === user.id && others > 0) {
    throw new AppError(
      "SECOND_PERSON_NEEDED",
      `You have pulled this lever yourself: ${
        others === 1 ? "the other person" : `one of the ${others} others`
      } with the role risk has to release it`,
      { status: 403 },
    );
  }
  const { reason, password, code } = request;
  const isFresh = await auth.proveFresh(identity, { password, code }, {
    address,
    via: caller.via,
    requestId: caller.requestId,
  });
  if (isFresh) await onFresh();
  return await emergency.release(id, { reason, caller });
}
