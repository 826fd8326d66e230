/**
 * The lint rules of this house that the linter does not bring along. Plain JavaScript, because the
 * linter loads it as it is.
 */

const describeNames = new Set(['describe', 'suite']);
const testNames = new Set(['describe', 'it', 'suite', 'test']);

/** `as const` objects and unions say the same without code that only the compiler understands. */
const noEnum = {
  create(context) {
    return {
      TSEnumDeclaration(node) {
        context.report({ node, message: 'No enum: use an `as const` object or a union of words.' });
      },
    };
  },
};

/** State outside the workflow function is shared by every execution that the worker has cached. */
const noModuleState = {
  create(context) {
    return {
      'Program > VariableDeclaration, Program > ExportNamedDeclaration > VariableDeclaration'(
        node,
      ) {
        if (node.kind === 'const') return;
        context.report({
          node,
          message: `No module-level ${node.kind}: keep state in the function.`,
        });
      },
    };
  },
};

/** Arithmetic on a given time is pure; asking for the present time or for chance is not. */
const noClockOrChance = {
  create(context) {
    const report = (node, what) =>
      context.report({
        node,
        message: `${what} is not pure: take the time or the value as an argument.`,
      });
    return {
      MemberExpression(node) {
        const name = memberName(node);
        if (name === 'Date.now' || name === 'Math.random') report(node, name);
      },
      NewExpression(node) {
        if (isDate(node.callee) && node.arguments.length === 0) report(node, 'new Date()');
      },
      CallExpression(node) {
        if (isDate(node.callee)) report(node, 'Date()');
      },
    };
  },
};

/** Like the linter's own rule, but a `describe` block is a chapter and not a function. */
const maxFunctionLines = {
  meta: {
    schema: [
      { type: 'object', properties: { max: { type: 'integer' } }, additionalProperties: false },
    ],
  },
  create(context) {
    const max = context.options[0]?.max ?? 70;
    const check = (node) => {
      const lines = node.loc.end.line - node.loc.start.line + 1;
      if (lines <= max || isDescribeBlock(node)) return;
      context.report({
        node,
        message: `This function has ${lines} lines; at most ${max} are allowed.`,
      });
    };
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
    };
  },
};

/**
 * More is a sign that the parameters belong into one object, or a constructor's class in two. The parts
 * of a request that a framework hands to a handler, and the row that a table hands to its test, are
 * not written at a call, so nobody can confuse their order.
 */
const maxParameters = {
  create(context) {
    const check = (node) => {
      if (isTableTest(node) || isDecorated(node)) return;
      const max = isConstructor(node) ? 5 : 3;
      if (node.params.length <= max) return;
      const message = `${node.params.length} parameters; at most ${max} are allowed.`;
      context.report({ node, message });
    };
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
      TSEmptyBodyFunctionExpression: check,
      TSDeclareFunction: check,
    };
  },
};

/** What comes from outside is unknown until a schema has looked at it. */
const noCastOfParsed = {
  create(context) {
    return {
      TSAsExpression(node) {
        const parsed =
          node.expression.type === 'AwaitExpression' ? node.expression.argument : node.expression;
        if (!isParse(parsed) || node.typeAnnotation.type === 'TSUnknownKeyword') return;
        context.report({
          node,
          message: 'Parsed JSON is unknown: check it with a schema, do not cast it.',
        });
      },
    };
  },
};

export default {
  meta: { name: 'house' },
  rules: {
    'no-cast-of-parsed': noCastOfParsed,
    'no-enum': noEnum,
    'no-module-state': noModuleState,
    'no-clock-or-chance': noClockOrChance,
    'max-function-lines': maxFunctionLines,
    'max-parameters': maxParameters,
  },
};

function memberName(node) {
  const property = node.computed ? node.property.value : node.property.name;
  return node.object.type === 'Identifier' ? `${node.object.name}.${property}` : '';
}

function isDate(callee) {
  return callee.type === 'Identifier' && callee.name === 'Date';
}

function isParse(node) {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  return memberName(node.callee) === 'JSON.parse' || node.callee.property.name === 'json';
}

function isDescribeBlock(node) {
  return node.parent?.type === 'CallExpression' && describeNames.has(rootName(node.parent.callee));
}

function isTableTest(node) {
  const call = node.parent;
  if (call?.type !== 'CallExpression' || call.callee.type === 'Identifier') return false;
  return testNames.has(rootName(call.callee));
}

function isConstructor(node) {
  return node.parent?.type === 'MethodDefinition' && node.parent.kind === 'constructor';
}

function isDecorated(node) {
  return !isConstructor(node) && node.params.every((param) => (param.decorators ?? []).length > 0);
}

/** `describe`, `describe.skipIf(...)` and `describe.each(...)` all begin with the same name. */
function rootName(callee) {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'MemberExpression') return rootName(callee.object);
  if (callee.type === 'CallExpression') return rootName(callee.callee);
  if (callee.type === 'TaggedTemplateExpression') return rootName(callee.tag);
  return '';
}
