/**
 * File routing: turns the paths and exports of route files into entries of the
 * route table.
 */
import type { ModuleExports, RouteFile } from "../build/build_cache.ts";
import type { Middleware } from "../app/middleware.ts";

import type {
  LayoutConfig,
  Route,
  RouteComponent,
  RouteConfig,
} from "../app/route.ts";
import type { RouteTable } from "./route_table.ts";

const CONVENTION = /^_(app|layout|middleware|error|404|500)$/;

/** A file path taken apart. */
interface ParsedFile {
  /** The folders, with groups. */
  readonly folder: string;
  readonly name: string;
  readonly module: ModuleExports;
}

/**
 * Adds the table's files below `mount`. Conventions come before routes, since
 * routes take what is registered before them; static routes come before dynamic
 * ones, since the first pattern wins.
 */
export function addFileRoutes<State>(
  table: RouteTable<State>,
  mount: string,
): void {
  const prefix = mount.replace(/\/?\*?$/, "");
  const files = table.files.map(parseFile).filter((file) => file !== null);
  const byDepth = (a: ParsedFile, b: ParsedFile) =>
    a.folder.length - b.folder.length;
  // Error pages keep the layouts that are there already, so they follow all the
  // others.
  const isError = ({ name }: ParsedFile) => /^_(error|404|500)$/.test(name);
  const conventions = files.filter((file) => CONVENTION.test(file.name)).sort(
    byDepth,
  )
    .sort((a, b) => Number(isError(a)) - Number(isError(b)));
  for (const file of conventions) addConvention(table, prefix, file);
  const routes = files.filter((file) => !file.name.startsWith("_")).sort(
    bySpecificity,
  );
  for (const { folder, name, module } of routes) {
    const file = `${folder}/${name}`;
    const config = module["config"] as RouteConfig | undefined;
    // File routes are loaded lazily on the other implementation: they answer
    // every method.
    table.addRoute({
      path: config?.routeOverride ?? ((prefix + filePattern(file)) || "/"),
      segment: prefix + file.replace(/\/index$/, ""),
      route: toRoute<State>(module),
      config: { methods: "ALL", ...config },
    });
  }
}

/**
 * The URL pattern of a file path without extension: `/blog/[slug]` is
 * `/blog/:slug`.
 *
 * @throws {Error} When a bracket is not closed.
 */
export function filePattern(file: string): string {
  return file.split("/").slice(1).map((part, index, parts) => {
    if (part === "index" && index === parts.length - 1) return "";
    if (/^\(.*\)$/.test(part)) return "";
    const rest = /^\[\.\.\.(\w+)\]$/.exec(part);
    if (rest !== null) return `/:${rest[1]}*`;
    const optional = /^\[\[(\w+)\]\]$/.exec(part);
    if (optional !== null) return `{/:${optional[1]}}?`;
    const pattern = part.replaceAll(/\[(\w+)\]/g, ":$1");
    if (/[[\]]/.test(pattern)) {
      throw new Error(`Cannot read the route file name "${file}"`);
    }
    return `/${pattern}`;
  }).join("");
}

function parseFile({ path, module }: RouteFile): ParsedFile | null {
  const parts = path.replace(/\.[^./]+$/, "").split("/").filter((part) =>
    part !== ""
  );
  const name = parts.pop();
  if (name === undefined || parts.some((part) => part.startsWith("(_"))) {
    return null;
  }
  return { folder: parts.map((part) => `/${part}`).join(""), name, module };
}

function addConvention<State>(
  table: RouteTable<State>,
  prefix: string,
  file: ParsedFile,
): void {
  const path = prefix + file.folder;
  const { default: main, config = {} } = file.module;
  const isRoot = file.folder === "";
  switch (file.name) {
    case "_app":
      if (isRoot) {
        table.appWrapper = required<RouteComponent<State>>(file, main);
      }
      break;
    case "_layout":
      table.root.at(path).layout = {
        component: required<RouteComponent<State>>(file, main),
        config: config as LayoutConfig,
      };
      break;
    case "_middleware":
      for (const middleware of [main].flat()) {
        table.root.at(path).middlewares.push(
          required<Middleware<State>>(file, middleware),
        );
      }
      break;
    case "_404":
      if (isRoot) table.notFound = toRoute<State>(file.module);
      break;
    default:
      table.setErrorPage(path, toRoute<State>(file.module));
  }
}

/** A middleware that is missing by mistake must not go unnoticed. */
function required<T>({ folder, name }: ParsedFile, value: unknown): T {
  if (typeof value === "function") return value as T;
  throw new TypeError(
    `Cannot use "${folder}/${name}": its default export is no function`,
  );
}

function toRoute<State>(module: ModuleExports): Route<State> {
  const route: Route<State> = {};
  const handlers = module["handlers"] ?? module["handler"];
  if (typeof module["default"] === "function") {
    route.component = module["default"] as RouteComponent<State>;
  }
  if (handlers !== undefined) {
    route.handlers = handlers as NonNullable<Route<State>["handlers"]>;
  }
  if (module["config"] !== undefined) {
    route.config = module["config"] as RouteConfig;
  }
  return route;
}

/**
 * Orders paths part by part: literal, mixed, parameter, optional, rest; then by
 * name.
 */
function bySpecificity(a: ParsedFile, b: ParsedFile): number {
  const [left, right] = [a, b].map(({ folder, name }) =>
    filePattern(`${folder}/${name}`)
  )
    .map((pattern) => pattern.split(/\/|(?=\{)/).filter((part) => part !== ""));
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const order = rank(left![i]) - rank(right![i]);
    if (order !== 0) return order;
  }
  return `${a.folder}/${a.name}` < `${b.folder}/${b.name}` ? -1 : 1;
}

function rank(part: string | undefined): number {
  if (part === undefined) return 0;
  if (part.startsWith("{")) return 4;
  if (part.endsWith("*")) return 5;
  if (part.startsWith(":")) return 3;
  return part.includes(":") ? 2 : 1;
}
