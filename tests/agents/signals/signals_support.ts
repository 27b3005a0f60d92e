/** What tests of signals share. */
import type { Output } from "../../../actors/behavior.ts";
import type { SignalsTold } from "../../../lib/contracts/signal.ts";

export function told(outputs: readonly Output[]): SignalsTold[] {
  return outputs.flatMap((output) =>
    output.to === "link" ? [output.message as SignalsTold] : []
  );
}
