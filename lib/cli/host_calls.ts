import type { HostsResponse } from "../contracts/host.ts";
import type { Line } from "./api_sender.ts";

/** Calls about the hosts that share a store. */
export interface HostCalls {
  hosts(): Promise<HostsResponse>;
  drainHost(id: string): Promise<void>;
  /** `confirm` is the name as a person typed it once more. */
  forgetHost(id: string, confirm: string): Promise<void>;
}

/** Makes the calls over a client's requests. */
export function hostCalls(
  { read, send }: Pick<Line, "read" | "send">,
): HostCalls {
  const path = (id: string) => `/hosts/${encodeURIComponent(id)}`;
  return {
    hosts: () => read("GET", "/hosts"),
    drainHost: async (id) => void await send("POST", `${path(id)}/drain`),
    forgetHost: async (id, confirm) =>
      void await send("POST", `${path(id)}/forget`, { body: { confirm } }),
  };
}
