import * as esbuild from "esbuild";
import { importMapPlugin, readDenoConfig } from "./lib/fresh/build/import_map.ts";
const config = await readDenoConfig(Deno.cwd() + "/");
const islands = [...Deno.readDirSync("islands")].map((e) => "islands/" + e.name).sort();
const gz = async (b: Uint8Array) => (await new Response(new Blob([new Uint8Array(b)]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer()).byteLength;
const common = { absWorkingDir: Deno.cwd(), outdir: "/out", bundle: true, splitting: true, write: false, metafile: true, format: "esm", platform: "browser", minify: true, jsx: "automatic", jsxImportSource: "preact", tsconfigRaw: {}, target: ["chrome111", "firefox114", "safari16.4"], plugins: [importMapPlugin(config)], logLevel: "warning", entryNames: "[name]", chunkNames: "[name]-[hash]" } as const;
const r = await esbuild.build({ ...common, target: [...common.target], plugins: [...common.plugins], entryPoints: ["lib/fresh/render/start.ts", ...islands] });
const m = r.metafile!;
const size = new Map<string, number>(); const g = new Map<string, number>();
for (const f of r.outputFiles!) { size.set(f.path.replace(/^\//, "../../../").split("/").pop()!, f.contents.length); g.set(f.path.split("/").pop()!, await gz(f.contents)); }
const out = Object.fromEntries(Object.entries(m.outputs).map(([k, v]) => [k.split("/").pop()!, v]));
const closure = (roots: string[]) => { const seen = new Set<string>(); const q = [...roots]; while (q.length) { const f = q.pop()!; if (seen.has(f)) continue; seen.add(f); for (const i of out[f]!.imports) if (i.kind === "import-statement") q.push(i.path.split("/").pop()!); } return seen; };
const shell = ["start.js", "ShellTools.js", "ConnectionChip.js", "EmergencyBanner.js", "EmergencyDialog.js", "StorageBanner.js", "ThemeToggle.js"];
const base = closure(shell);
const tot = (s: Iterable<string>) => [...s].reduce((a, f) => [a[0]! + size.get(f)!, a[1]! + g.get(f)!], [0, 0]);
console.log("base", base.size, tot(base));
const pages = ["AgentManagement", "AgentWorkspace", "BacktestDesk", "BacktestResult", "BacktestReplay", "RealTimeAgentLogs", "RiskDesk", "AuditTrail", "TokenDesk", "PeopleDesk", "SessionList", "PasskeyList"].map((x) => x + ".js");
const by = new Map<string, string[]>();
for (const f of Object.keys(out)) { if (base.has(f)) continue; const users = pages.filter((p) => closure([p]).has(f)); const k = users.map((u) => u.replace(".js", "")).join(","); by.set(k, [...by.get(k) ?? [], f]); }
for (const p of pages) { const c = closure([...shell, p]); console.log(p, c.size, tot(c)); }
for (const [k, fs] of [...by].sort((a, b) => b[0].split(",").length - a[0].split(",").length)) { console.log(`[${k}]`, fs.length, tot(fs)); for (const f of fs) if (size.get(f)! > 0 && k) console.log("     ", f, size.get(f), Object.entries(out[f]!.inputs).filter(([, x]) => x.bytesInOutput > 0).map(([i, x]) => i.replace(/.*node_modules\//, "") + ":" + x.bytesInOutput).slice(0, 6).join(" ")); }
// one file
const one = await esbuild.build({ ...common, target: [...common.target], splitting: false, plugins: [{ name: "dyn", setup(b) { b.onResolve({ filter: /.*/ }, (a) => a.kind === "dynamic-import" ? { path: a.path, external: true } : null); } }, ...common.plugins], stdin: { contents: [...["lib/fresh/render/start.ts"], ...shell.slice(1).map((s) => "islands/" + s.replace(".js", ".tsx")), "islands/AgentManagement.tsx"].map((f, i) => `export * as x${i} from "./${f}";`).join("\n"), resolveDir: Deno.cwd() } });
console.log("one file", one.outputFiles![0]!.contents.length, await gz(one.outputFiles![0]!.contents));
await esbuild.stop();
