/**
 * Entry of the worker that sends alerts. It has the net permission for the
 * hosts that the operator listed, and no other permission; the server has them
 * only to hand them on.
 *
 * @module
 */
import { failedFor } from "./delivery/outcome.ts";
import type { SendAnswer, SendRequest } from "./delivery/protocol.ts";
import { send } from "./delivery/send.ts";

const scope = self as unknown as {
  postMessage(answer: SendAnswer): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<SendRequest>) => void,
  ): void;
};

scope.addEventListener("message", async ({ data: { n, parcel } }) => {
  const outcome = await send(parcel, Date.now()).catch((error) =>
    failedFor(`It could not be sent: ${error.message}`)
  );
  scope.postMessage({ n, outcome });
});
