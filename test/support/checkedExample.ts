import ts from "typescript";

/**
 * Turns the lines `expression; // => value` of an example into calls of `check(actual, expected, line)`.
 * A declaration `const x = …; // => value` checks x, and `console.log(x); // => value` checks x too.
 *
 * @param code - the example
 * @param check - name of the function to call
 * @returns the example with the calls, and how many there are
 */
export function checkedExample(code: string, check: string): { code: string; checks: number } {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest, true);
  const edits: { start: number; end: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    const value = expectedValue(code, node);
    if (value === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    const call = (actual: string): string => `${check}(${actual}, (${value}), ${line});`;
    if (ts.isExpressionStatement(node)) {
      edits.push({ start: node.getStart(), end: node.end, text: call(subject(node.expression)) });
    } else if (ts.isVariableStatement(node)) {
      edits.push({
        start: node.end,
        end: node.end,
        text: ` ${call(node.declarationList.declarations[0].name.getText())}`,
      });
    }
  };
  visit(source);
  const checked = edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: replacement }) => text.slice(0, start) + replacement + text.slice(end), code);
  return { code: checked, checks: edits.length };
}

/** The value after `// =>` on the line where a statement ends. */
function expectedValue(code: string, node: ts.Node): string | undefined {
  if (!ts.isExpressionStatement(node) && !ts.isVariableStatement(node)) return undefined;
  return /^[ \t]*\/\/ =>[ \t]*(\S.*)$/m.exec(firstLine(code.slice(node.end)))?.[1];
}

function firstLine(text: string): string {
  return text.slice(0, (text + "\n").indexOf("\n"));
}

function subject(expression: ts.Expression): string {
  const isLog = ts.isCallExpression(expression) && expression.expression.getText() === "console.log";
  return isLog ? expression.arguments[0].getText() : expression.getText();
}
