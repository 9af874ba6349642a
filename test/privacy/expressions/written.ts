import { globSync, readFileSync } from "node:fs";
import ts from "typescript";

const root = new URL("../../../", import.meta.url);
const folders = ["privacy", "language", "parsers"];

/** Where it stands (`src/…/file.ts:line:column`), source and flags. */
export interface Expression {
  place: string;
  source: string;
  flags: string;
}

/** Modules whose text comes from documents. */
export const modules = (): string[] => folders.flatMap((folder) => globSync(`src/${folder}/**/*.ts`, { cwd: root })).toSorted();

/** Regular expressions that the source code holds, and the places where it builds one while it runs. */
export function writtenExpressions(): { written: Expression[]; builders: string[] } {
  const written: Expression[] = [];
  const builders: string[] = [];
  for (const file of modules()) {
    const tree = ts.createSourceFile(file, readFileSync(new URL(file, root), "utf8"), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const { line, character } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
      const place = `${file}:${line + 1}:${character + 1}`;
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf("/");
        written.push({ place, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
      } else if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText(tree) === "RegExp") builders.push(place);
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return { written, builders };
}
