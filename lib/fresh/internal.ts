/**
 * `fresh/internal`: what the generated `_fresh/server.js` needs. Not for the
 * product's own code.
 *
 * @module
 */
export { setBuildCache } from "./build/build_cache.ts";
export { diskBuildCache } from "./build/disk_cache.ts";
