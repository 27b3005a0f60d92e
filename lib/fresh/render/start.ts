/**
 * The entry of the browser's runtime: reads the page's data element, loads the
 * islands that it names and revives them.
 */
import type { ComponentType } from "preact";
import { boot } from "./client.ts";
import { BOOT_ATTRIBUTE, type BootData } from "./shared.ts";

/** Bundles are beside this one; nothing else is loaded, whatever the page says. */
const FOLDER = new URL("./", import.meta.url).href;

/**
 * zod tries whether it may make code of text, and goes another way where the
 * policy refuses it; the browser would report the try as a violation.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

async function start(): Promise<void> {
  const element = document.querySelector(`script[${BOOT_ATTRIBUTE}]`);
  if (element === null) return;
  const data = JSON.parse(element.textContent) as BootData;
  if (data.reloadUrl !== null) reloadOnChange(data.reloadUrl);
  const shown = firstFrame();
  const islands = await Promise.all(data.islands.map(async (island) => {
    const { href } = new URL(island.url, import.meta.url);
    if (!href.startsWith(FOLDER)) {
      throw new Error(`"${island.url}" is no bundle of this page`);
    }
    const module = await import(href) as Record<string, ComponentType>;
    return [island.name, module[island.exportName]!] as const;
  }));
  await shown;
  boot(Object.fromEntries(islands), data.props);
  // What it held is alive now, and that it is gone says so.
  element.remove();
}

/** The longest wait for a frame: a page in the background has none. */
const FRAME_MS = 200;

/** What the server has painted is shown before scripts take the browser's time. */
function firstFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, document.hidden ? 0 : FRAME_MS);
  });
}

/** Reloads the page when the server that answers is another one than before. */
function reloadOnChange(url: string): void {
  let last: string | undefined;
  new EventSource(url).onmessage = ({ data }: MessageEvent<string>) => {
    if (last !== undefined && last !== data) location.reload();
    last = data;
  };
}

// Not awaited: what it loads may import the file that this is a part of.
void start();
