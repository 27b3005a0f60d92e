/**
 * Our own lint rules: layers, purity and the length of functions. Loaded by
 * deno.json, so that an editor shows a fault while it is typed.
 *
 * @module
 */
import { importFault } from "./import_rules.ts";
import { IMPURE_GLOBALS, PURE_FOLDERS } from "./purity.ts";

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);
const MAX_FUNCTION_LINES = 60;
const MAX_COMPONENT_LINES = 120;

/** Specifiers of the import map that stand for files of ours. */
const ALIASES: Readonly<Record<string, string>> = {
  "fresh": "lib/fresh/mod.ts",
  "fresh/runtime": "lib/fresh/runtime.ts",
  "fresh/dev": "lib/fresh/dev.ts",
  "fresh/internal": "lib/fresh/internal.ts",
};

function relative(filename: string): string {
  return filename.startsWith(ROOT) ? filename.slice(ROOT.length) : filename;
}

/** The file an import means, relative to the root, or null for a package. */
function targetOf(from: string, specifier: string): string | null {
  if (specifier in ALIASES) return ALIASES[specifier]!;
  if (!specifier.startsWith(".")) return null;
  const url = new URL(specifier, `file:///${from}`);
  return decodeURIComponent(url.pathname).slice(1);
}

const layers: Deno.lint.Rule = {
  create(context) {
    const from = relative(context.filename);
    const check = (
      node: Deno.lint.Node,
      edge: { specifier: string; typeOnly: boolean },
    ) => {
      const target = targetOf(from, edge.specifier);
      if (target === null) return;
      const message = importFault({ from, target, typeOnly: edge.typeOnly });
      if (message !== null) context.report({ node, message });
    };
    return {
      ImportDeclaration(node) {
        const named = node.specifiers.length > 0 &&
          node.specifiers.every((specifier) =>
            specifier.type === "ImportSpecifier" &&
            specifier.importKind === "type"
          );
        check(node, {
          specifier: node.source.value,
          typeOnly: node.importKind === "type" || named,
        });
      },
      ExportNamedDeclaration(node) {
        if (node.source === null) return;
        check(node, {
          specifier: node.source.value,
          typeOnly: node.exportKind === "type",
        });
      },
      ExportAllDeclaration(node) {
        check(node, {
          specifier: node.source.value,
          typeOnly: node.exportKind === "type",
        });
      },
    };
  },
};

/** Entries of workers: the impure files of `agents/`. */
const WORKERS = ["agents/worker.ts", "agents/guard_worker.ts"];

const pure: Deno.lint.Rule = {
  create(context) {
    const file = relative(context.filename);
    const isPure =
      PURE_FOLDERS.some((folder) => file.startsWith(`${folder}/`)) &&
      !file.endsWith("_test.ts") && !WORKERS.includes(file);
    if (!isPure) return {};
    const report = (node: Deno.lint.Node, name: string) =>
      context.report({
        node,
        message:
          `"${name}" is time, chance or I/O: pure code gets what it needs as an argument`,
      });
    return {
      CallExpression(node) {
        if (node.callee.type === "Identifier" && isBanned(node.callee.name)) {
          report(node, node.callee.name);
        }
      },
      NewExpression(node) {
        if (node.callee.type === "Identifier" && isBanned(node.callee.name)) {
          report(node, node.callee.name);
        }
      },
      MemberExpression(node) {
        if (node.object.type !== "Identifier") return;
        if (isBanned(node.object.name)) report(node, node.object.name);
        const isRandom = node.object.name === "Math" &&
          node.property.type === "Identifier" &&
          node.property.name === "random";
        if (isRandom) report(node, "Math.random");
      },
    };
  },
};

function isBanned(name: string): boolean {
  return (IMPURE_GLOBALS as readonly string[]).includes(name);
}

const functionLength: Deno.lint.Rule = {
  create(context) {
    const file = relative(context.filename);
    if (file.startsWith("tests/")) return {};
    const limit = file.endsWith(".tsx")
      ? MAX_COMPONENT_LINES
      : MAX_FUNCTION_LINES;
    const check = (node: Deno.lint.Node) => {
      const lines = context.sourceCode.getText(node).split("\n").length;
      if (lines <= limit) return;
      context.report({
        node,
        message:
          `A function of ${lines} lines does more than one thing; keep it under ${limit}`,
      });
    };
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
    };
  },
};

/** The rules, as `fleet/<name>`. */
const plugin: Deno.lint.Plugin = {
  name: "fleet",
  rules: { layers, pure, "function-length": functionLength },
};
export default plugin;
