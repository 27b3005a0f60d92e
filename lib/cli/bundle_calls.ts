import type { BundleExport, BundlePreview } from "../contracts/bundle.ts";
import type { AgentTemplate } from "../contracts/template.ts";
import type { Line } from "./api_sender.ts";

/** Calls about signed bundles. */
export interface BundleCalls {
  /** The text of the file. */
  exportBundle(wish: BundleExport): Promise<string>;
  readBundle(text: string): Promise<BundlePreview>;
  importBundle(
    request: { text: string; names: Readonly<Record<string, string>> },
  ): Promise<readonly AgentTemplate[]>;
}

/** Makes the calls over a client's requests. */
export function bundleCalls({ read, send, command }: Line): BundleCalls {
  return {
    exportBundle: async (wish) =>
      (await send("POST", "/bundles/export", { body: wish })).text(),
    readBundle: (text) => read("POST", "/bundles/read", { body: { text } }),
    importBundle: (request) => command("/bundles/import", request),
  };
}
