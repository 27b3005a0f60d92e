/** What a page loads by itself. */
import type { Page, Response } from "playwright-core";

/** Most bytes of scripts, gzip, that the fleet's page may load before somebody does something. */
export const FLEET_SCRIPT_BYTES = 58_000;

/** Collects the scripts of the pages that are opened from now on; answers with their bytes under gzip. */
export function collectScripts(page: Page): () => Promise<number> {
  return collect(page, "script");
}

/** The same for style sheets. */
export function collectStyles(page: Page): () => Promise<number> {
  return collect(page, "stylesheet");
}

function collect(page: Page, type: string): () => Promise<number> {
  const sizes: Promise<number>[] = [];
  const onResponse = (response: Response) => {
    if (response.request().resourceType() !== type) return;
    sizes.push(response.body().then(gzipSize));
  };
  page.on("response", onResponse);
  return async () => {
    // What is fetched after the count was asked for is nobody's: its page may be closed before it is there.
    page.off("response", onResponse);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
}

async function gzipSize(bytes: Uint8Array): Promise<number> {
  const stream = new Blob([new Uint8Array(bytes)]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new globalThis.Response(stream).arrayBuffer()).byteLength;
}
